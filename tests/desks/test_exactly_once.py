"""The proof of `tests.ticketing.proof` over HTTP: real systems, and a proxy that spoils what it is told to."""

import pytest

from penbot.ticketing.database import database
from tests.desks.adapters import ADAPTERS
from tests.ticketing.parts import emptied, loosely
from tests.ticketing.proof import BAD_ROUNDS, STEPS, Place, Run, dying_at, some_step

SEEDS = {"rt": 4, "glpi 10": 25, "glpi 11": 5}
OVER_HTTP = [adapter.name for adapter in ADAPTERS if adapter.name != "local"]


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    return loosely(database(f"sqlite:///{tmp_path_factory.mktemp('prova')}/chamados.db"))


@pytest.fixture
def run(engine, running, proxy_to):
    def begin(name: str, seed: int) -> Run:
        harness = running(name)
        proxy = proxy_to(harness.address)
        return Run(Place(lambda clock: harness.desk(proxy.url), proxy=proxy), emptied(engine), seed)

    return begin


@pytest.mark.parametrize(
    ("name", "step"),
    [("glpi 10", step) for step in STEPS] + [("rt", step) for step in ("marked", "written", "read back")],
)
def test_death_at_each_step(run, name, step):
    run = run(name, seed=STEPS.index(step))

    run.confirm(dying_at(step), how_often=0)

    assert not run.confirmed
    run.finish()


@pytest.mark.parametrize(("name", "seed"), [(name, seed) for name in OVER_HTTP for seed in range(SEEDS[name])])
def test_faults_and_deaths(run, name, seed):
    run = run(name, seed)

    run.confirm(some_step(run.chance), how_often=0.2)
    for _ in range(BAD_ROUNDS):
        run.go_on(some_step(run.chance), how_often=0.2)

    run.finish()
