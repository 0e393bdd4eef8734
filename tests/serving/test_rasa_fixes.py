"""That each cost is still there to be taken out: when Rasa changes, this says so."""

import inspect

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event, SlotSet

from penbot.serving import rasa_fixes


def test_rasa_still_builds_a_validator_for_each_result():
    source = inspect.getsource(inspect.getmodule(RemoteAction))

    assert "validate(result, self.action_response_format_spec())" in source


def test_the_one_validator_judges_as_rasas_does(monkeypatch):
    monkeypatch.setattr(RemoteAction, "_validate_action_result", RemoteAction._validate_action_result)
    rasa_fixes.validate_with_one_validator()
    action = RemoteAction("action_conversar", None)

    assert action._validate_action_result({"events": [], "responses": []})
    with pytest.raises(ValidationError):
        action._validate_action_result({"events": "nenhum"})


def test_event_classes_are_found_as_before(monkeypatch):
    monkeypatch.setattr(Event, "resolve_by_type", staticmethod(Event.resolve_by_type))
    rasa_fixes.remember_event_classes()

    assert Event.resolve_by_type("slot") is SlotSet
    with pytest.raises(ValueError, match="nenhum"):
        Event.resolve_by_type("nenhum")
