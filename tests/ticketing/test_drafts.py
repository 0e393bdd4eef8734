import pytest
from cryptography.fernet import Fernet
from sqlalchemy import func, select

from penbot.ticketing.cipher import Cipher
from penbot.ticketing.drafts import DraftStore
from penbot.ticketing.schema import drafts as table
from tests.ticketing.parts import CIPHER

DRAFT = {"product": "sei", "name": "Requerente de Teste", "skipped": ["version"]}


@pytest.fixture
def drafts(engine, clock):
    return DraftStore(engine, CIPHER, clock)


def stored(engine):
    with engine.begin() as connection:
        return [bytes(content) for content in connection.execute(select(table.c.content)).scalars()]


def test_a_draft_comes_back_in_its_own_conversation(drafts):
    drafts.save("ana", DRAFT)

    assert drafts.load("ana") == DRAFT
    assert drafts.load("bia") is None


def test_the_last_one_counts_and_none_forgets_it(drafts, engine):
    drafts.save("ana", {"product": "nup"})
    drafts.save("ana", DRAFT)
    assert drafts.load("ana") == DRAFT

    drafts.save("ana", None)

    assert drafts.load("ana") is None
    assert stored(engine) == []


def test_half_an_hour_after_it_was_saved_it_is_gone(drafts, engine, clock):
    drafts.save("ana", DRAFT)
    clock.forward(minutes=29)
    drafts.save("ana", DRAFT)
    clock.forward(minutes=29)
    assert drafts.load("ana") == DRAFT

    clock.forward(minutes=1)

    assert drafts.load("ana") is None
    assert stored(engine) == []


def test_purging_deletes_what_nobody_asks_for(drafts, engine, clock):
    drafts.save("ana", DRAFT)
    clock.forward(minutes=20)
    drafts.save("bia", DRAFT)
    clock.forward(minutes=10)

    drafts.purge()

    with engine.begin() as connection:
        assert connection.execute(select(func.count()).select_from(table)).scalar() == 1
    assert drafts.load("bia") == DRAFT


def test_what_is_kept_is_locked(drafts, engine):
    drafts.save("ana", DRAFT)

    assert b"Requerente" not in stored(engine)[0]


def test_a_draft_of_another_key_is_no_draft(drafts, engine, clock):
    drafts.save("ana", DRAFT)

    assert DraftStore(engine, Cipher(Fernet.generate_key()), clock).load("ana") is None


def test_the_key_is_made_once_and_read_by_its_owner_only(tmp_path):
    locked = Cipher.at(tmp_path).lock(b"segredo")

    assert Cipher.at(tmp_path).unlock(locked) == b"segredo"
    assert (tmp_path / "chave_dos_rascunhos").stat().st_mode & 0o077 == 0


def test_a_key_that_is_given_is_used_and_none_is_made(tmp_path):
    key = Fernet.generate_key().decode()

    assert Cipher.at(tmp_path, key).unlock(Cipher(key).lock(b"segredo")) == b"segredo"
    assert not list(tmp_path.iterdir())
