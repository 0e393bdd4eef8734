import threading
import time

import pytest
from sqlalchemy import select

from penbot.ticketing.database import database
from penbot.ticketing.desk import Rejected, Status, Unavailable
from penbot.ticketing.desks.attendance import Attendance
from penbot.ticketing.desks.local import LocalDesk
from penbot.ticketing.outbox import State
from penbot.ticketing.reconciliation import disagreements
from penbot.ticketing.schema import notes, outbox, ratings
from penbot.ticketing.tickets import NotRecorded, Receipt, Tickets
from tests.ticketing.faulty import CarelessDesk, Faulty, in_turn
from tests.ticketing.parts import CIPHER, Office, ticket

PROTOCOL = ticket().protocol


@pytest.fixture
def careless(tmp_path, clock):
    return CarelessDesk(tmp_path / "descuidado.db", clock)


@pytest.fixture
def local(engine, clock):
    return Office(engine, LocalDesk(engine, clock), clock)


@pytest.fixture
def staff(engine, clock):
    return Attendance(engine, clock)


@pytest.fixture
def failing(engine, careless, clock):
    return lambda **faults: Office(engine, Faulty(careless, in_turn(**faults)), clock)


def confirmed(office, **changes):
    office.tickets.confirm(ticket(**changes), "ana")
    return office.tickets.own(ticket(**changes).protocol, conversation="ana")


# --- confirming ----------------------------------------------------------------------------------------


def test_a_confirmed_ticket_has_the_desks_number_at_once(engine, careless, clock):
    office = Office(engine, careless, clock)

    assert office.tickets.confirm(ticket(), "ana") == Receipt(PROTOCOL, "#1")
    assert office.tickets.news("ana") == []


def test_confirmed_again_it_is_the_same_ticket(engine, careless, clock):
    office = Office(engine, careless, clock)

    receipts = {office.tickets.confirm(ticket(), "ana") for _ in range(3)}

    assert receipts == {Receipt(PROTOCOL, "#1")}
    assert careless.count() == 1


def test_many_times_at_once_it_is_the_same_ticket(engine, careless, clock):
    office = Office(engine, careless, clock)
    threads = [threading.Thread(target=office.tickets.confirm, args=(ticket(), "ana")) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    office.deliver_all()

    assert careless.count() == 1


def test_without_the_desk_the_number_comes_later_and_is_told_once(failing, clock):
    office = failing(find=["unavailable"])

    assert office.tickets.confirm(ticket(), "ana") == Receipt(PROTOCOL)
    assert office.tickets.news("ana") == []
    clock.forward(minutes=1)
    office.deliver_all()

    assert [known.receipt for known in office.tickets.news("ana")] == [Receipt(PROTOCOL, "#1")]
    assert office.tickets.news("ana") == []


def test_a_number_that_is_our_own_protocol_is_no_news(engine, clock):
    office = Office(engine, Faulty(LocalDesk(engine, clock), in_turn(find=["unavailable"])), clock)
    office.tickets.confirm(ticket(), "ana")
    clock.forward(minutes=1)
    office.deliver_all()

    assert office.tickets.news("ana") == []
    assert office.tickets.own(PROTOCOL, conversation="ana").receipt.number == PROTOCOL


def test_nobody_waits_longer_for_the_desk_than_is_decent(engine, careless, clock):
    released = threading.Event()

    def slowly(step):
        if step == "looked up":
            released.wait(60)

    office = Office(engine, careless, clock, step=slowly)
    tickets = Tickets(engine, CIPHER, office.outbox, careless, office.delivery, clock, patience=0.05)

    assert tickets.confirm(ticket(), "ana") == Receipt(PROTOCOL)

    released.set()
    while office.outbox.get(ticket().key).state is not State.DONE:
        time.sleep(0.01)
    assert careless.count() == 1


def test_what_could_not_be_written_down_is_told_and_not_sent(new_address, careless, clock):
    engine = database(new_address)
    office = Office(engine, careless, clock)
    with engine.begin() as connection:
        for table in (ratings, notes, outbox):
            table.drop(connection)

    with pytest.raises(NotRecorded):
        office.tickets.confirm(ticket(), "ana")

    assert careless.count() == 0


# --- whose ticket it is --------------------------------------------------------------------------------


def test_a_ticket_is_known_to_who_opened_it_and_to_who_knows_its_email(local):
    known = confirmed(local)

    assert local.tickets.own(PROTOCOL, email=" REQUERENTE@orgao.gov.br") == known
    assert (known.product, known.sphere, known.support_type) == ("sei", "executivo_federal", "reportar_erro")


@pytest.mark.parametrize(
    "who",
    [{}, {"email": "outra@orgao.gov.br"}, {"email": ""}, {"conversation": "bia"}, {"conversation": ""}],
)
def test_whoever_else_asks_learns_as_much_as_of_a_ticket_that_is_not_there(local, who):
    confirmed(local)

    assert local.tickets.own(PROTOCOL, **who) is None
    assert local.tickets.own("PEN-20261125-XXXXXX", **who) is None


def test_a_conversation_knows_its_own_the_newest_first(local, clock):
    for n in (1, 2):
        local.tickets.confirm(ticket(n), "ana")
        clock.forward(minutes=1)
    local.tickets.confirm(ticket(3), "bia")

    assert [known.protocol for known in local.tickets.of_conversation("ana")] == [
        ticket(2).protocol,
        ticket(1).protocol,
    ]


# --- where it is, adding to it -------------------------------------------------------------------------


def test_its_status_is_the_desks(local, staff):
    known = confirmed(local)
    staff.reply(PROTOCOL, "Qual é a versão?", wait=True)

    view = local.tickets.status(known)

    assert (view.status, view.reply) == (Status.WAITING, "Qual é a versão?")


def test_a_ticket_still_on_its_way_has_no_status_and_takes_nothing(failing):
    office = failing(find=["unavailable"])
    known = confirmed(office)

    assert office.tickets.status(known) is None
    with pytest.raises(Unavailable):
        office.tickets.complement(known, "mais")
    with pytest.raises(Unavailable):
        office.tickets.reopen(known, "voltou")


def test_a_desk_that_cannot_be_asked_gives_no_status(failing):
    office = failing(read=["", "garbled"])

    assert office.tickets.status(confirmed(office)) is None


def test_what_is_added_arrives_once_however_often_it_is_said(engine, careless, clock):
    office = Office(engine, careless, clock)
    known = confirmed(office)

    for text in ("a versão é 4.1", "a versão é 4.1", "e o navegador é outro"):
        office.tickets.complement(known, text)

    said = careless.read(careless.find(ticket().key)[0]).reply
    assert said.count("a versão é 4.1") == 1
    assert f"[ref: {PROTOCOL}#1]" in said
    assert f"[ref: {PROTOCOL}#2]" in said


def test_an_addition_whose_fate_is_unknown_keeps_its_mark_when_it_is_repeated(failing, careless):
    office = failing(comment=["unclear after"])
    known = confirmed(office)

    with pytest.raises(Unavailable):
        office.tickets.complement(known, "a versão é 4.1")
    office.tickets.complement(known, "a versão é 4.1")

    said = careless.read(careless.find(ticket().key)[0]).reply
    assert said.count(f"[ref: {PROTOCOL}#1]") == 2
    assert "#2]" not in said


def test_the_same_words_another_day_are_said_again(engine, careless, clock):
    office = Office(engine, careless, clock)
    known = confirmed(office)
    office.tickets.complement(known, "continua")
    clock.forward(days=1)

    office.tickets.complement(known, "continua")

    assert careless.read(careless.find(ticket().key)[0]).reply.count("continua") == 2


def test_reopening_in_time_and_too_late(local, staff, clock):
    known = confirmed(local)
    staff.close(PROTOCOL, "Feito.")
    local.tickets.reopen(known, "Voltou.")
    assert local.tickets.status(known).status is Status.REOPENED
    staff.close(PROTOCOL, "Feito.")
    clock.forward(hours=49)

    with pytest.raises(Rejected):
        local.tickets.reopen(known, "Voltou.")


@pytest.mark.parametrize(("fault", "reopened"), [("unclear after", True), ("unclear before", False)])
def test_after_an_unclear_reopening_the_desk_is_asked(failing, careless, fault, reopened):
    office = failing(reopen=[fault])
    known = confirmed(office)
    careless.close(careless.find(ticket().key)[0])

    if reopened:
        office.tickets.reopen(known, "Voltou.")
    else:
        with pytest.raises(Unavailable):
            office.tickets.reopen(known, "Voltou.")

    assert (office.tickets.status(known).status is Status.REOPENED) == reopened


# --- the same again ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "alike"),
    [
        ({}, True),
        ({"body": "Aparece erro 500 ao assinar o documento", "subject": "Erro 500"}, True),
        ({"requester_email": "REQUERENTE@orgao.gov.br"}, True),
        ({"requester_email": "outra@orgao.gov.br"}, False),
        ({"product": "nup"}, False),
        ({"body": "Preciso cadastrar uma unidade nova", "subject": "Cadastro"}, False),
    ],
)
def test_a_ticket_is_like_an_open_one_of_the_same_person_about_the_same(local, changes, alike):
    known = confirmed(local)

    assert local.tickets.alike(ticket(2, **changes)) == (known if alike else None)


def test_a_closed_ticket_is_like_no_other_and_neither_is_a_ticket_like_itself(local, staff):
    confirmed(local)
    assert local.tickets.alike(ticket()) is None

    staff.close(PROTOCOL, "Feito.")

    assert local.tickets.alike(ticket(2)) is None


def test_a_ticket_on_its_way_counts_as_open(failing):
    office = failing(find=["unavailable"])
    known = confirmed(office)

    assert office.tickets.alike(ticket(2)) == known


# --- what the requester thought of it ------------------------------------------------------------------


def test_a_rating_is_kept_here_locked_and_noted_at_the_desk(local, staff, engine):
    known = confirmed(local)
    assert not local.tickets.rated(known)

    local.tickets.rate(known, 5, "Atendimento ótimo.")
    local.tickets.rate(known, 4, "Atendimento bom.")

    assert local.tickets.rated(known)
    with engine.begin() as connection:
        row = connection.execute(select(ratings)).one()
    assert (row.score, CIPHER.unlock(row.comment)) == (4, b"Atendimento bom.")
    note = staff.entry(PROTOCOL).comments[0]
    assert (note.public, note.by_staff) == (False, False)
    assert "5 de 5\nAtendimento ótimo." in note.text


def test_a_rating_that_the_desk_does_not_take_is_kept_here(failing):
    office = failing(comment=["unavailable"])
    known = confirmed(office)

    office.tickets.rate(known, 1, "")

    assert office.tickets.rated(known)


# --- ours against the desk's ---------------------------------------------------------------------------


def told(office, desk):
    return disagreements(office.outbox.rows(), desk, office.outbox.requester)


def test_reconciling_finds_nothing_where_all_is_well(local, engine, clock):
    confirmed(local)
    local.outbox.put(ticket(2), "ana")

    assert told(local, LocalDesk(engine, clock)) == []


def test_reconciling_finds_what_is_there_twice_what_is_gone_and_what_is_different(engine, careless, clock, tmp_path):
    office = Office(engine, careless, clock)
    confirmed(office)
    careless.create(ticket())
    (twice,) = told(office, careless)
    assert "está 2 vezes no sistema de chamados (#1, #2)" in twice

    (gone,) = told(office, CarelessDesk(tmp_path / "outro.db", clock))
    assert gone == f"{PROTOCOL}: foi entregue, e o sistema de chamados não o tem mais"

    other = CarelessDesk(tmp_path / "mudado.db", clock)
    other.create(ticket(sphere="outros_poderes", requester_email="outra@orgao.gov.br"))
    (different,) = told(office, other)
    assert different == f"{PROTOCOL}: no sistema de chamados está diferente: sphere, requester_email"


def test_another_number_than_ours_is_told(engine, careless, clock, tmp_path):
    office = Office(engine, careless, clock)
    confirmed(office)
    other = CarelessDesk(tmp_path / "outro.db", clock)
    other.create(ticket(2))
    other.create(ticket())

    assert told(office, other) == [f"{PROTOCOL}: anotamos o número #1, e o sistema de chamados tem #2"]
