"""What a conversation is about so far. Lives in Rasa's slots between two messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

SLOTS = ("produto", "esfera", "tipo_suporte", "conversa")


@dataclass(frozen=True)
class Pending:
    """A question of ours that waits for an answer: which of `options` is meant, and what for."""

    intent: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class State:
    """`produto`: one id, or the candidates while undecided. `question`: the last thing asked (an intent).
    `misses`: messages not understood in a row. `offered`: we offered a ticket and wait for yes or no."""

    produto: tuple[str, ...] = ()
    esfera: str | None = None
    tipo_suporte: str | None = None
    question: str | None = None
    pending: Pending | None = None
    misses: int = 0
    offered: bool = False

    @property
    def product(self) -> str | None:
        """The product the conversation is about, once it is one."""
        return self.produto[0] if len(self.produto) == 1 else None

    def about(self, **changes: Any) -> State:
        return replace(self, **changes)

    def to_slots(self) -> dict[str, Any]:
        """As Rasa keeps it: the three slots of the contract, and the rest in one."""
        rest = {k: v for k, v in asdict(self).items() if k not in SLOTS and v}
        return {
            "produto": list(self.produto) or None,
            "esfera": self.esfera,
            "tipo_suporte": self.tipo_suporte,
            "conversa": rest or None,
        }

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> State:
        """What `to_slots` wrote; a slot that is missing or of another version's shape counts as empty."""
        rest = slots.get("conversa") or {}
        pending = rest.get("pending")
        return cls(
            produto=tuple(slots.get("produto") or ()),
            esfera=slots.get("esfera"),
            tipo_suporte=slots.get("tipo_suporte"),
            question=rest.get("question"),
            pending=Pending(pending["intent"], tuple(pending["options"])) if pending else None,
            misses=int(rest.get("misses", 0)),
            offered=bool(rest.get("offered")),
        )
