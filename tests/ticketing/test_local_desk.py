import pytest

from penbot.ticketing.desk import File, NotFound, Ref, Rejected, Status, lost
from penbot.ticketing.desks.attendance import Attendance
from penbot.ticketing.desks.local import LocalDesk
from tests.ticketing.parts import ticket

NUMBER = ticket().protocol


@pytest.fixture
def desk(engine, clock):
    return LocalDesk(engine, clock)


@pytest.fixture
def staff(engine, clock):
    return Attendance(engine, clock)


@pytest.fixture
def ref(desk):
    return desk.create(ticket())


def statuses(staff):
    return [change.status for change in staff.entry(NUMBER).history]


def test_its_number_is_our_protocol(desk, ref):
    assert ref.number == NUMBER
    assert lost(ticket(), desk.read(ref)) == ()


def test_a_key_is_written_once(desk, ref):
    assert desk.create(ticket()) == ref
    assert desk.find(ticket().key) == (ref,)


@pytest.mark.parametrize(
    "field", ["protocol", "product", "sphere", "support_type", "subject", "body", "requester_name"]
)
def test_a_field_that_is_empty_is_told(desk, field):
    with pytest.raises(Rejected) as told:
        desk.create(ticket(**{field: " \n"}))

    assert told.value.fields == (field,)


def test_a_ticket_goes_through_the_guides_levels(desk, staff, ref, clock):
    staff.reply(NUMBER, "Recebemos, vamos ver.")
    staff.forward(NUMBER)
    staff.reply(NUMBER, "Qual é a versão?", wait=True)
    desk.comment(ref, "É a 4.1.")
    staff.close(NUMBER, "Corrigido na 4.1.2.")
    desk.reopen(ref, "Voltou.")
    staff.forward(NUMBER)

    assert statuses(staff) == [
        Status.OPEN,
        Status.TRIAGE,
        Status.SPECIALIST,
        Status.WAITING,
        Status.SPECIALIST,
        Status.CLOSED,
        Status.REOPENED,
        Status.SPECIALIST,
    ]
    assert desk.read(ref).reply == "Corrigido na 4.1.2."


def test_forwarding_goes_from_level_to_level_and_ends(staff, ref):
    assert staff.forward(NUMBER) is Status.TRIAGE
    assert staff.forward(NUMBER) is Status.SPECIALIST

    with pytest.raises(Rejected, match="já está com o especialista"):
        staff.forward(NUMBER)


def test_after_72_hours_without_an_answer_it_is_closed_as_of_then(desk, staff, ref, clock):
    staff.wait(NUMBER)
    clock.forward(hours=72, seconds=-1)
    assert desk.read(ref).status is Status.WAITING
    clock.forward(seconds=1)
    then = clock()
    clock.forward(hours=10)

    view = desk.read(ref)

    assert (view.status, view.closed_at) == (Status.CLOSED, then)
    last = staff.entry(NUMBER).history[-1]
    assert (last.at, last.note) == (then, "encerrado: 72 horas sem resposta do usuário")


def test_nobody_needs_to_look_for_it_to_be_closed(desk, staff, ref, clock):
    staff.wait(NUMBER)
    clock.forward(hours=100)

    desk.tick()

    assert staff.open_tickets() == []


def test_only_the_users_answer_and_the_staffs_question_stop_the_72_hours(desk, staff, ref, clock):
    staff.wait(NUMBER)
    clock.forward(hours=70)
    desk.comment(ref, "só para o atendimento", public=False)
    staff.reply(NUMBER, "Ainda precisamos da versão.")
    clock.forward(hours=70)
    assert desk.read(ref).status is Status.WAITING

    desk.comment(ref, "É a 4.1.")

    clock.forward(hours=1000)
    assert desk.read(ref).status is Status.OPEN


def test_it_reopens_within_48_hours_and_not_after(desk, staff, ref, clock):
    staff.close(NUMBER, "Feito.")
    clock.forward(hours=48)
    desk.reopen(ref, "Voltou.")
    assert (desk.read(ref).status, desk.read(ref).closed_at) == (Status.REOPENED, None)
    staff.close(NUMBER, "Feito de novo.")
    clock.forward(hours=48, seconds=1)

    with pytest.raises(Rejected, match="48 horas"):
        desk.reopen(ref, "Voltou.")

    assert desk.read(ref).status is Status.CLOSED


def test_a_closed_ticket_takes_nothing_more_from_the_staff(staff, ref):
    staff.close(NUMBER, "Feito.")

    for change in (staff.wait, staff.forward, lambda n: staff.reply(n, "a"), lambda n: staff.close(n, "a")):
        with pytest.raises(Rejected, match="está encerrado"):
            change(NUMBER)


def test_reopened_tickets_come_first_then_the_oldest(desk, staff):
    for n in (1, 2, 3):
        desk.create(ticket(n))
    staff.close(ticket(3).protocol, "Feito.")
    desk.reopen(desk.find(ticket(3).key)[0], "Voltou.")

    assert [view.ref.number for view in staff.open_tickets()] == [ticket(n).protocol for n in (3, 1, 2)]


def test_an_entry_shows_all_that_was_said_and_sent(desk, staff, ref):
    picture = File("tela.png", "image/png", b"\x89PNG")
    desk.comment(ref, "Segue a tela.", files=[picture])
    desk.comment(ref, "Nota 5", public=False)
    staff.reply(NUMBER.lower(), "Obrigado.")

    comments = staff.entry(NUMBER).comments

    assert [(c.text, c.by_staff, c.public, c.files) for c in comments] == [
        ("Segue a tela.", False, True, ("tela.png",)),
        ("Nota 5", False, False, ()),
        ("Obrigado.", True, True, ()),
    ]


def test_a_merged_ticket_is_closed_and_says_where_it_goes_on(desk, staff, ref):
    other = desk.create(ticket(2))

    desk.merge(other, ref)
    desk.merge(other, ref)

    assert desk.read(other).status is Status.CLOSED
    assert [c.note for c in staff.entry(ticket(2).protocol).history] == [
        "aberto",
        f"repetido: segue no chamado {NUMBER}",
    ]
    assert desk.read(ref).status is Status.OPEN


def test_an_unknown_number_is_told_with_what_helps(staff, ref):
    with pytest.raises(NotFound, match="penbot desk list"):
        staff.entry("PEN-1")


@pytest.mark.parametrize("id_", ["99", "", "abc", "²"])
def test_an_unknown_ref_is_not_found(desk, ref, id_):
    with pytest.raises(NotFound):
        desk.read(Ref(id_, ""))
