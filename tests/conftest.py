"""What tests share. Rasa is made importable before any of them imports it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from penbot.serving.rasa_entry import prepare

prepare()
# Tests write to a home of their own; only the trained model is kept between runs, under the usual home.
MODELS_HOME = Path(os.environ.get("PENBOT_HOME") or Path(__file__).parent.parent / "var")
os.environ["PENBOT_HOME"] = tempfile.mkdtemp(prefix="penbot-tests-")
for variable in (
    "PORT",
    "API_TOKEN",
    "KNOWLEDGE",
    "DESK",
    "DATABASE",
    "DRAFT_KEY",
    "RT_URL",
    "GLPI_URL",
    "ORIGINS",
    "PROXIES",
):
    os.environ.pop(f"PENBOT_{variable}", None)

import dataclasses  # noqa: E402

import pytest  # noqa: E402

from penbot.knowledge import Knowledge, load  # noqa: E402
from penbot.serving.training import model_path, train  # noqa: E402
from penbot.settings import ROOT, Settings  # noqa: E402


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load(ROOT / "knowledge")


@pytest.fixture(scope="session")
def model(knowledge: Knowledge) -> Path:
    """The model of the present content, trained once."""
    settings = dataclasses.replace(Settings.read(), home=MODELS_HOME.resolve())
    if not model_path(knowledge, settings).exists():
        train(knowledge, settings)
    return model_path(knowledge, settings)


@pytest.fixture(scope="session")
def talk(model: Path):
    from tests.talk import Talk

    return Talk(model)


@pytest.fixture(scope="session")
def portal(model: Path, tmp_path_factory: pytest.TempPathFactory):
    """The assistant as it runs for users: one for all tests of the portal."""
    from penbot.serving.supervisor import start, stop
    from tests.portal import wanted

    running = wanted(model, tmp_path_factory.mktemp("portal"))
    start(running)
    yield running
    stop(running)


# What needs the trained model comes after what does not: the fast tests first.
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: any(name in getattr(item, "fixturenames", ()) for name in ("talk", "model")))
