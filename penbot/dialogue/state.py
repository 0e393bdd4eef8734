"""What a conversation is about so far. Lives in Rasa's slots between two messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from penbot.ticketing.draft import Draft

SLOTS = ("produto", "esfera", "tipo_suporte", "conversa")
PRIVATE = ("told", "form", "aftercare")


@dataclass(frozen=True)
class Pending:
    """A question of ours that waits for an answer: which of `options` is meant, and what for."""

    intent: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """A ticket being filled in. `asking`: the field asked for, or a step of `penbot.dialogue.form`.
    `waiting`: the drafts that come after this one. `changing`: the field is asked again on request."""

    draft: Draft
    asking: str = ""
    waiting: tuple[Draft, ...] = ()
    changing: bool = False
    misses: int = 0


@dataclass(frozen=True)
class Aftercare:
    """A ticket already opened that is spoken of. `wish`: what for (`penbot.dialogue.aftercare`).
    `asking`: what we asked for; `email`: given and found right; `tries`: wrong pairs so far."""

    wish: str
    asking: str = ""
    protocol: str = ""
    email: str = ""
    score: int = 0
    tries: int = 0


@dataclass(frozen=True)
class State:
    """`produto`: one id, or the candidates while undecided. `question`: the last thing asked (an intent).
    `misses`: messages not understood in a row. `offered`: we offered a ticket and wait for yes or no.
    `told`: what the last request said, in its words, should a ticket come of it. `drafting`: a ticket was
    being filled in (without `form`: its draft has expired). `shown`: the entry of the FAQ answered last, or
    those it was asked to choose from; `further`: the next likeliest, should it be none of them.
    `form`, `aftercare` and `told` hold personal data: they are kept encrypted, outside the slots."""

    produto: tuple[str, ...] = ()
    esfera: str | None = None
    tipo_suporte: str | None = None
    question: str | None = None
    pending: Pending | None = None
    misses: int = 0
    offered: bool = False
    drafting: bool = False
    shown: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    told: str = ""
    form: Form | None = None
    aftercare: Aftercare | None = None

    @property
    def product(self) -> str | None:
        """The product the conversation is about, once it is one."""
        return self.produto[0] if len(self.produto) == 1 else None

    def about(self, **changes: Any) -> State:
        return replace(self, **changes)

    def to_slots(self) -> dict[str, Any]:
        """As Rasa keeps it: the three slots of the contract, and the rest in one."""
        state = self.about(drafting=self.form is not None)
        rest = {k: v for k, v in asdict(state).items() if k not in SLOTS + PRIVATE and v}
        return {
            "produto": list(self.produto) or None,
            "esfera": self.esfera,
            "tipo_suporte": self.tipo_suporte,
            "conversa": rest or None,
        }

    def to_private(self) -> dict[str, Any] | None:
        """What must not lie in a slot, or None where there is nothing."""
        form, care = self.form, self.aftercare
        kept = {
            "told": self.told,
            "form": form and {**_plain(form), "draft": form.draft.to_dict(), "waiting": _dicts(form.waiting)},
            "aftercare": care and _plain(care),
        }
        return {key: value for key, value in kept.items() if value} or None

    def with_private(self, kept: Mapping[str, Any] | None) -> State:
        """This state and what `to_private` wrote."""
        kept = kept or {}
        form, care = kept.get("form"), kept.get("aftercare")
        if form:
            waiting = tuple(Draft.from_dict(d) for d in form["waiting"])
            form = Form(**{**form, "draft": Draft.from_dict(form["draft"]), "waiting": waiting})
        return self.about(told=kept.get("told", ""), form=form, aftercare=Aftercare(**care) if care else None)

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
            drafting=bool(rest.get("drafting")),
            shown=tuple(rest.get("shown") or ()),
            further=tuple(rest.get("further") or ()),
        )


def _plain(value: Form | Aftercare) -> dict[str, Any]:
    return {f.name: getattr(value, f.name) for f in fields(value)}


def _dicts(drafts: tuple[Draft, ...]) -> list[dict[str, Any]]:
    return [draft.to_dict() for draft in drafts]
