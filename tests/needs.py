"""Programs that some tests need beside Python: skipped without them, or failed where nothing may be skipped."""

import os

import pytest


def needs(missing: str) -> None:
    """`missing`: what is not there and how to get it, '' if all is. CI sets PENBOT_TESTS_SEM_PULAR=1."""
    if not missing:
        return
    if os.environ.get("PENBOT_TESTS_SEM_PULAR") == "1":
        pytest.fail(f"{missing} (PENBOT_TESTS_SEM_PULAR=1)")
    pytest.skip(missing)
