"""How a verb of the `penbot` command describes itself."""

from __future__ import annotations

import argparse
from typing import Any


def command(verbs: Any, name: str, what_it_does: str) -> argparse.ArgumentParser:
    """A verb whose line in the list and whose own help say the same."""
    sentence = f"{what_it_does[:1].upper()}{what_it_does[1:]}."
    verb: argparse.ArgumentParser = verbs.add_parser(name, help=what_it_does, description=sentence)
    return verb
