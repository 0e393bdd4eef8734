import os

import pytest

from penbot.app import App
from penbot.channel.attachments import Attachments
from penbot.channel.door import Door
from penbot.knowledge import KnowledgeStore
from penbot.settings import ROOT, Settings
from penbot.ticketing.database import DatabaseError


@pytest.fixture
def app(tmp_path):
    def build(**environment):
        settings = Settings.read({"PENBOT_HOME": str(tmp_path), **environment})
        return App(settings, KnowledgeStore(ROOT / "knowledge"), Door(b"chave"), Attachments.at(tmp_path))

    return build


def test_nothing_of_tickets_is_opened_until_it_is_asked_for(app, tmp_path):
    application = app()
    assert not list(tmp_path.iterdir())

    assert application.drafts.load("ana") is None

    assert (tmp_path / "chamados.db").exists()


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({}, "local"),
        ({"PENBOT_DESK": "rt", "PENBOT_RT_URL": "https://rt.orgao.gov.br", "PENBOT_RT_TOKEN": "f"}, "rt"),
        (
            {"PENBOT_DESK": "glpi", "PENBOT_GLPI_URL": "https://g.gov.br", "PENBOT_GLPI_USER_TOKEN": "f"},
            "glpi",
        ),
    ],
)
def test_the_desk_is_the_one_that_is_set(app, environment, name):
    application = app(**environment)

    assert application.desk.name == name
    assert application.tickets is not None
    assert application.worker is not None


def test_for_the_portal_there_is_no_desk_and_drafts_are_kept_all_the_same(app):
    application = app(PENBOT_DESK="portal")

    assert (application.desk, application.tickets, application.worker) == (None, None, None)
    application.drafts.save("ana", {"product": "sei"})
    assert application.drafts.load("ana") == {"product": "sei"}


def test_each_part_is_built_once(app):
    application = app()

    assert application.tickets is application.tickets
    assert application.outbox is application.outbox


def test_a_database_that_cannot_be_opened_is_told_when_it_is_needed(app, tmp_path):
    (tmp_path / "chamados.db").mkdir()
    application = app()

    with pytest.raises(DatabaseError, match="não pôde ser aberto"):
        application.tickets  # noqa: B018


def test_files_sent_for_nothing_go_with_their_draft(app):
    application = app()
    waiting, left = "a" * 32, "b" * 32
    for conversation in (waiting, left):
        application.attachments.keep(conversation, "erro.log", b"falha")
        folder = application.attachments.of(conversation)[0].path.parent
        os.utime(folder, (0, 0))
    application.drafts.save(waiting, {"form": 1})

    application._forget_attachments()

    assert application.attachments.of(waiting)
    assert not application.attachments.of(left)
