"""Ours against the desk's: what was promised is there, once, and as it was promised."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from penbot.ticketing.desk import Desk, NotFound, Ref, View
from penbot.ticketing.outbox import Row, State

_THERE = (State.DONE, State.INCOMPLETE)
_FIELDS = ("key", "product", "sphere", "support_type")


def disagreements(rows: Iterable[Row], desk: Desk, requester: Callable[[str], str]) -> list[str]:
    """A sentence for each, none if all is well. `requester`: as the outbox names one. Raises DeskError.

    What is still on its way, and at the desk already, is well: the next delivery finds it there.
    """
    return [f"{row.protocol}: {problem}" for row in rows for problem in _problems(row, desk, requester)]


def _problems(row: Row, desk: Desk, requester: Callable[[str], str]) -> list[str]:
    found = desk.find(row.key)
    problems = []
    if len(found) > 1:
        problems.append(f"está {len(found)} vezes no sistema de chamados ({_numbers(found)})")
    if row.state is State.DONE and not found:
        problems.append("foi entregue, e o sistema de chamados não o tem mais")
    if row.ref and found and row.ref.id not in {ref.id for ref in found}:
        problems.append(f"anotamos o número {row.ref.number}, e o sistema de chamados tem {_numbers(found)}")
    if row.state in _THERE and found:
        problems += _differences(row, desk, found[0], requester)
    return problems


def _differences(row: Row, desk: Desk, ref: Ref, requester: Callable[[str], str]) -> list[str]:
    try:
        view: View = desk.read(ref)
    except NotFound:
        return [f"o número {ref.number} não pode ser lido"]
    wrong = [name for name in _FIELDS if getattr(view, name) != getattr(row, name)]
    if requester(view.requester_email) != row.requester:
        wrong.append("requester_email")
    return [f"no sistema de chamados está diferente: {', '.join(wrong)}"] if wrong else []


def _numbers(refs: Iterable[Ref]) -> str:
    return ", ".join(ref.number for ref in refs)
