"""What was heard: one message of a user as the classifier and the vocabulary understood it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from penbot.knowledge import Button
from penbot.knowledge.vocabulary import Mention


@dataclass(frozen=True)
class Guess:
    """An intent or a product id, and how likely it is (0-1)."""

    name: str
    confidence: float


@dataclass(frozen=True)
class Heard:
    """One message. `ranking` is never empty; `pressed`: it was one of our own buttons. `ways`: the ways to
    read it as two messages in one, likeliest first. `likely_questions`: entries of the FAQ; all of them
    together are as likely as it is that the FAQ is asked."""

    text: str
    ranking: tuple[Guess, ...]
    mentions: tuple[Mention, ...] = ()
    likely_products: tuple[Guess, ...] = ()
    pressed: bool = False
    ways: tuple[Two, ...] = ()
    likely_questions: tuple[Guess, ...] = ()

    @property
    def intent(self) -> str:
        return self.ranking[0].name

    def named(self, kind: str) -> list[str]:
        """The ids this message names beyond doubt, in its order."""
        return list(dict.fromkeys(m.ids[0] for m in self.mentions if m.kind == kind and len(m.ids) == 1))

    def deciding(self, kind: str, ids: tuple[str, ...]) -> Heard:
        """The same message, its names of this kind taken for these ids."""
        others = tuple(m for m in self.mentions if m.kind != kind)
        return replace(self, mentions=(*others, *(Mention(kind, (id_,), 0, 0) for id_ in ids)))

    def unclear(self, kind: str) -> list[tuple[str, ...]]:
        """The candidates of each ambiguous name."""
        return [m.ids for m in self.mentions if m.kind == kind and len(m.ids) > 1]


@dataclass(frozen=True)
class Two:
    """A message read as two. `said_so`: it says that another thing comes ('e também…')."""

    said_so: bool
    parts: tuple[Heard, ...]


def pressed(button: Button) -> Heard:
    """What is heard when a button is pressed."""
    mentions = tuple(Mention(kind, (id_,), -1, -1) for kind, id_ in button.entities.items())
    return Heard(f"/{button.intent}", (Guess(button.intent, 1.0),), mentions, pressed=True)
