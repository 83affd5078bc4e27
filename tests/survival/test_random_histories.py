"""Records change as chance has it and are read now and then; in the end base has what there is."""

import shutil
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from connectors import delivery
from connectors.salesforce import client as salesforce_client
from connectors.sandbox.server import RunningSandbox, build_app
from tests.sandbox.conftest import Stage
from tests.survival.base import BaseModels
from tests.survival.crm_histories import HubSpotHistory, SalesforceHistory
from tests.survival.histories import History
from tests.survival.world import World
from tests.unit.connectors.faketime import FakeTime

PEOPLE, SEED = 25, 5
STEPS = 15
HISTORIES: list[type[History]] = [HubSpotHistory, SalesforceHistory]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of a company of a few people, drawn once."""
    state = tmp_path_factory.mktemp("small") / "state"
    build_app(state, PEOPLE, SEED).state.sandbox.close()
    return state


@pytest.fixture
def open_world(
    small: Path, stage: Stage, models: BaseModels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], World]:
    """Open the company once more, nothing read of it yet, and let waits pass at once."""
    time, runs = FakeTime(), count()
    for module in (delivery, salesforce_client):
        monkeypatch.setattr(module, "Waiting", lambda: time.waiting)

    def opened() -> World:
        number = next(runs)
        if number:
            stage.app.state.sandbox.close()
            shutil.rmtree(tmp_path / str(number - 1))
        home = tmp_path / str(number)
        state = Path(shutil.copytree(small, home / "state"))
        stage.app = build_app(state, PEOPLE, SEED)
        credentials = stage.app.state.sandbox.credentials(stage.url)
        return World(RunningSandbox(stage.url, credentials), home, models)

    return opened


def play(history: Any, examples: int, *, anew: bool) -> None:
    """Try so many histories: always the same ones, or others each time."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=not anew,
        print_blob=True,
        # Explaining would take longer than finding, as every example is a company read.
        phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(history, settings=chosen)


@pytest.mark.parametrize("history", HISTORIES)
def test_base_has_what_the_crm_has_after_any_history(
    open_world: Callable[[], World], history: type[History]
) -> None:
    play(partial(history, open_world), 6, anew=False)


@pytest.mark.soak
@pytest.mark.parametrize("history", HISTORIES)
def test_base_has_what_the_crm_has_after_hundreds_of_histories(
    open_world: Callable[[], World], history: type[History]
) -> None:
    play(partial(history, open_world), 250, anew=True)
