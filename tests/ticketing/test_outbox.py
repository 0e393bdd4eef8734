import threading
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import inspect, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from penbot.ticketing.cipher import Cipher, Unreadable
from penbot.ticketing.database import DatabaseError, database
from penbot.ticketing.desk import File, Ref
from penbot.ticketing.outbox import LEASE, Outbox, State
from penbot.ticketing.schema import VERSION, schema_version
from tests.ticketing.parts import CIPHER, ticket

REF = Ref("7", "RT #7", "https://rt.orgao.gov.br/7")


@pytest.fixture
def outbox(engine, clock):
    return Outbox(engine, CIPHER, clock)


def everything_stored(engine):
    with engine.connect() as connection:
        tables = inspect(engine).get_table_names()
        rows = [row for name in tables for row in connection.execute(text(f"SELECT * FROM {name}"))]
    return " ".join(
        bytes(v).decode("latin1") if isinstance(v, (bytes, memoryview)) else str(v) for r in rows for v in r
    )


def test_what_is_put_comes_back_whole(outbox):
    written = ticket(files=(File("tela ç.png", "image/png", bytes(range(256))),))

    row = outbox.put(written, "ana")

    assert outbox.ticket(row) == written
    assert (row.state, row.conversation, row.ref) == (State.PENDING, "ana", None)


def test_put_again_it_is_the_same_row_even_while_it_is_worked_on(outbox):
    outbox.put(ticket(), "ana")
    claimed = outbox.claim("um")

    again = outbox.put(ticket(body="outra coisa"), "bia")

    assert (again.conversation, again.attempts) == ("ana", 1)
    assert outbox.ticket(again).body == ticket().body
    assert outbox.sending(claimed)


def test_a_protocol_is_given_to_one_ticket_only(outbox):
    outbox.put(ticket(1), "ana")

    with pytest.raises(SQLAlchemyError):
        outbox.put(ticket(2, protocol=ticket(1).protocol), "ana")

    assert len(outbox.rows()) == 1


def test_one_row_is_claimed_once_and_again_only_when_its_lease_is_over(outbox, clock):
    outbox.put(ticket(), "ana")

    assert outbox.claim("um") is not None
    assert outbox.claim("dois") is None
    clock.forward(seconds=LEASE.total_seconds())
    assert outbox.claim("dois").attempts == 2


def test_many_claim_at_once_and_each_row_is_got_by_one(outbox):
    for n in range(20):
        outbox.put(ticket(n), "ana")
    got = []

    def claim(owner):
        while row := outbox.claim(owner):
            got.append(row.key)

    threads = [threading.Thread(target=claim, args=(str(n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(got) == sorted(ticket(n).key for n in range(20))


def test_the_longest_waiting_comes_first_and_what_is_not_due_does_not_come(outbox, clock):
    for n in (1, 2, 3):
        outbox.put(ticket(n), "ana")
        clock.forward(seconds=1)
    outbox.later(outbox.claim("um"), clock() + timedelta(seconds=30))

    assert [outbox.claim("um").key, outbox.claim("um").key] == [ticket(2).key, ticket(3).key]
    assert outbox.claim("um") is None
    clock.forward(seconds=30)
    assert outbox.claim("um").key == ticket(1).key


def test_a_claim_may_be_for_one_key(outbox):
    outbox.put(ticket(1), "ana")
    outbox.put(ticket(2), "ana")

    assert outbox.claim("um", ticket(2).key).key == ticket(2).key
    assert outbox.claim("um", ticket(2).key) is None


def test_what_a_late_worker_writes_does_not_count(outbox, clock):
    outbox.put(ticket(), "ana")
    late = outbox.claim("um")
    clock.forward(seconds=LEASE.total_seconds())
    outbox.claim("um")  # the same worker, later: still another claim

    written = (
        outbox.sending(late),
        outbox.unsent(late),
        outbox.later(late, clock()),
        outbox.done(late, REF),
        outbox.incomplete(late, REF, ""),
        outbox.stop(late, State.STOPPED, ""),
    )

    assert not any(written)
    assert outbox.get(late.key).state is State.PENDING


def test_what_is_done_stays_done(outbox, clock):
    outbox.put(ticket(), "ana")
    row = outbox.claim("um")
    outbox.done(row, REF)

    assert not outbox.stop(row, State.STOPPED, "tarde")
    assert outbox.get(row.key).state is State.DONE


def test_until_the_desk_has_it_the_content_is_locked_and_then_it_is_gone(outbox, engine):
    secrets = ("Erro ao assinar", "erro 500", "Requerente de Teste", "requerente@orgao.gov.br", "evidência")
    row = outbox.put(ticket(files=(File("evidência.txt", "text/plain", "evidência".encode()),)), "ana")
    assert not any(secret in everything_stored(engine) for secret in secrets)
    length = len(everything_stored(engine))

    outbox.done(outbox.claim("um"), REF)

    assert outbox.ticket(row) is None
    assert len(everything_stored(engine)) < length / 2
    kept = outbox.get(row.key)
    assert (kept.state, kept.ref, kept.product, kept.created_at) == (State.DONE, REF, "sei", row.created_at)


def test_with_another_key_the_content_cannot_be_read(outbox, engine, clock):
    row = outbox.put(ticket(), "ana")

    with pytest.raises(Unreadable):
        Outbox(engine, Cipher(Fernet.generate_key()), clock).ticket(row)


def test_the_requester_and_the_words_are_compared_without_being_known(outbox):
    row = outbox.put(ticket(), "ana")

    assert outbox.requester(" Requerente@Orgao.GOV.br ") == row.requester
    assert outbox.words(ticket(body="AO ASSINAR, um documento: aparece o erro 500!")) == row.words
    assert not any("assinar" in word for word in row.words)


def test_a_number_is_told_once(outbox):
    row = outbox.put(ticket(), "ana")
    assert outbox.untold("ana") == []
    outbox.done(outbox.claim("um"), REF)

    assert [r.key for r in outbox.untold("ana")] == [row.key]
    assert outbox.untold("ana") == []


def test_a_resumed_row_is_due_at_once_and_remembers_a_write_that_may_have_been_done(outbox, clock):
    outbox.put(ticket(), "ana")
    row = outbox.claim("um")
    outbox.sending(row)
    outbox.stop(row, State.STOPPED, "AuthFailed")
    assert outbox.claim("um") is None
    clock.forward(hours=30)

    outbox.resume(outbox.get(row.key))

    resumed = outbox.claim("um")
    assert (resumed.state, resumed.since, resumed.last_error) == (State.SENDING, clock(), "")
    assert resumed.sent_at is not None


def test_times_come_back_as_they_went(outbox, clock):
    row = outbox.put(ticket(), "ana")

    assert outbox.get(row.key).created_at == clock()
    assert outbox.get(row.key).created_at.tzinfo is not None


def test_the_tables_are_made_once_by_whoever_comes_first(new_address):
    problems = []

    def start():
        try:
            database(new_address).dispose()
        except DatabaseError as err:
            problems.append(err)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not problems
    with database(new_address).begin() as connection:
        assert connection.execute(select(schema_version.c.version)).scalars().all() == [VERSION]


def test_the_database_of_a_newer_program_is_left_alone(new_address):
    engine = database(new_address)
    with engine.begin() as connection:
        connection.execute(update(schema_version).values(version=VERSION + 1))

    with pytest.raises(DatabaseError, match=f"da versão {VERSION + 1}, e este programa conhece até a {VERSION}"):
        database(new_address)
    engine.dispose()


def test_a_database_that_does_not_answer_is_told_without_its_password():
    with pytest.raises(DatabaseError) as told:
        database("postgresql://penbot:segredo@127.0.0.1:1/penbot")

    assert "não pôde ser aberto" in str(told.value)
    assert "segredo" not in str(told.value)


def test_a_database_file_is_read_by_its_owner_only(tmp_path):
    database(f"sqlite:///{tmp_path}/pasta/chamados.db")

    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "pasta").iterdir())
