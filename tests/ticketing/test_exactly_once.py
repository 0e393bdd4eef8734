"""The proof over the local desk, and over one that takes no care at all. See `tests.ticketing.proof`."""

import pytest

from penbot.ticketing.delivery import no_step
from penbot.ticketing.desks.local import LocalDesk
from tests.ticketing.faulty import CARELESS_CREATES, CarelessDesk
from tests.ticketing.parts import emptied
from tests.ticketing.proof import BAD_ROUNDS, STEPS, Place, Run, dying_at, some_step

RUNS = [("local", seed) for seed in range(50)] + [("careless", seed) for seed in range(110)]


@pytest.fixture
def run(request, tmp_path):
    def begin(place: str, seed: int, kind: str = "sqlite") -> Run:
        engine = emptied(request.getfixturevalue(f"{kind}_engine"))
        places = {
            "local": Place(lambda clock: LocalDesk(engine, clock)),
            "careless": Place(lambda clock: CarelessDesk(tmp_path / "descuidado.db", clock), CARELESS_CREATES),
        }
        return Run(places[place], engine, seed)

    return begin


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("place", ["local", "careless"])
def test_death_at_each_step(run, place, step):
    run = run(place, seed=STEPS.index(step))

    run.confirm(dying_at(step), how_often=0)

    assert not run.confirmed
    run.finish()


@pytest.mark.parametrize(("place", "seed"), RUNS)
def test_faults_and_deaths(run, place, seed):
    run = run(place, seed)

    run.confirm(some_step(run.chance), how_often=0.4)
    for _ in range(BAD_ROUNDS):
        run.go_on(some_step(run.chance), how_often=0.4)

    run.finish()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
@pytest.mark.parametrize("seed", range(15))
def test_two_processes_over_one_outbox(run, seed, kind):
    run = run("careless", seed, kind)

    run.confirm(dying_at("recorded", times=len(run.tickets)), how_often=1)
    for _ in range(BAD_ROUNDS):
        run.go_on(some_step(run.chance), how_often=0.2, processes=2)

    run.finish()


def test_without_faults_nothing_is_left_to_be_done_later(run):
    run = run("careless", seed=1)

    run.confirm(no_step, how_often=0)

    assert run.confirmed == {ticket.key for ticket in run.tickets}
    assert run.office().deliver_all() == 0
    run.finish()
