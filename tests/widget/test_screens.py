"""Pictures of what people see, for people to look at: artefatos/ (or PENBOT_ARTEFATOS). Nothing compares pixels."""

import pytest

from tests.widget import test_accessibility as states
from tests.widget import test_ticket as tickets
from tests.widget.conftest import SCREENS, new_context

VIEWS = {"320": (320, 640), "768": (768, 1024), "1280": (1280, 800), "400-por-cento": (320, 200)}
SHOWN = [states.closed, states.welcome, states.conversation, states.draft, states.created, states.ending, states.error]


@pytest.mark.parametrize("view", VIEWS)
def test_pictures(browser, portal, view):
    SCREENS.mkdir(parents=True, exist_ok=True)
    width, height = VIEWS[view]
    for scheme, options in states.SCHEMES.items() if view == "1280" else [("light", states.SCHEMES["light"])]:
        for state in [*SHOWN, states.simple_page]:
            context = new_context(browser, viewport={"width": width, "height": height}, **options)
            page = context.new_page()
            state(page, portal)
            page.wait_for_timeout(400)
            path = SCREENS / f"{view}-{scheme}-{state.__name__}.png"
            page.screenshot(path=path)
            context.close()
            assert path.stat().st_size > 1000


@pytest.mark.parametrize("view", ["320", "1280"])
@pytest.mark.parametrize("conversation", [tickets.ticket, tickets.simple_ticket])
def test_pictures_of_a_ticket(browser, portal, conversation, view):
    SCREENS.mkdir(parents=True, exist_ok=True)
    width, height = VIEWS[view]
    simple = conversation is tickets.simple_ticket
    context = new_context(browser, viewport={"width": width, "height": height}, java_script_enabled=not simple)
    page = context.new_page()
    for state in conversation(page, portal):
        page.wait_for_timeout(400)
        path = SCREENS / f"{view}-{conversation.__name__}-{state}.png"
        page.screenshot(path=path)
        assert path.stat().st_size > 1000
    context.close()
