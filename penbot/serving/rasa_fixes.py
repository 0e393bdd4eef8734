"""Three costs of Rasa 3.6.21's server, taken out from outside. Figures: docs/decisoes/006.

A test fails when another version of Rasa is installed: then read its code again.
"""

from __future__ import annotations

import gc
from functools import lru_cache
from typing import Any

from jsonschema import validators
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event


def validate_with_one_validator() -> None:
    """Rasa builds a JSON-schema validator, and checks the schema itself, for each action's result."""
    schema = RemoteAction.action_response_format_spec()
    validator = validators.validator_for(schema)(schema)

    def valid(self: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = valid


def remember_event_classes() -> None:
    """Rasa walks through every subclass of Event for each event that it reads from its store."""
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))


def spare_the_collector() -> None:
    """What is loaded at the start stays: the collector need not walk through it (pauses of 0.3 s)."""
    gc.collect()
    gc.freeze()
