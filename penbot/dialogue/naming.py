"""Which products a message means: what it names, what it hints at, what was spoken of before."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from penbot.dialogue.heard import Heard
from penbot.knowledge import Knowledge
from penbot.knowledge.model import PRODUCT
from penbot.knowledge.vocabulary import Mention
from penbot.language.text import fold

# Set on the held-out situations (`confere`) of knowledge/produtos: docs/decisoes/005.
SURE = 0.50  # with no name in the text, the classifier alone is believed from here on
SURE_OF_ANOTHER = 0.60  # against the name of a host ("no SEI"), from here on
SURE_AMONG = 0.90  # among the meanings of an ambiguous name
SURE_OF_ONE = 0.60  # to take one of two products named for the one that has the problem
POSSIBLE = 0.12  # below this a product is not offered as a candidate
MOST_CANDIDATES = 4


@dataclass(frozen=True)
class Products:
    """`ids`: the products meant, each of them. `candidates`: one of these, undecided."""

    ids: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ids or self.candidates)


def named_products(heard: Heard, knowledge: Knowledge) -> Products:
    """What the names in the text say, and nothing else."""
    named = [id_ for id_ in heard.named(PRODUCT) if id_ in knowledge.products]
    unclear = _common(heard.unclear(PRODUCT))
    if set(unclear) & set(named):
        unclear = ()
    if len(unclear) == 1:
        named, unclear = [*named, *unclear], ()
    guests = [id_ for id_ in named if not knowledge.products[id_].anfitriao]
    if _speaks_of_several(heard.text):
        return Products(tuple(dict.fromkeys(named)), unclear)
    hosts = [id_ for id_ in named if id_ not in guests]
    if guests:
        return Products(tuple(dict.fromkeys(guests)))
    inside = tuple(id_ for id_ in unclear if knowledge.products[id_].dentro_de in hosts)
    if hosts and len(inside) == 1:  # "o Tramita no SEI" is the module: the only one of its name that runs there
        return Products(inside)
    return Products(candidates=unclear) if unclear else Products(tuple(hosts))


def meant_products(heard: Heard, knowledge: Knowledge, *, problem: bool = False) -> Products:
    """The same, helped by hints and by the classifier. `problem`: the message tells what goes wrong."""
    if heard.pressed:  # its text is no text
        return named_products(heard, knowledge)
    hints = knowledge.hints.mentions(heard.text)
    found = named_products(_without_inner_names(heard, hints), knowledge)
    likely = {guess.name: guess.confidence for guess in heard.likely_products if guess.name in knowledge.products}
    hinted = _hinted(hints, knowledge)
    if found.candidates and found.ids:
        return found
    if found.candidates:
        return _among(found.candidates, hinted, likely)
    if len(found.ids) > 1 and problem and not _speaks_of_several(heard.text):
        best = max(found.ids, key=lambda id_: likely.get(id_, 0.0))
        return Products((best,)) if likely.get(best, 0.0) >= SURE_OF_ONE else found
    if found.ids and not all(knowledge.products[id_].anfitriao for id_ in found.ids):
        return found
    if len(hinted) == 1 and (not found.ids or problem):
        return Products(hinted)
    top = max(likely, key=lambda id_: likely[id_], default=None)
    if top and likely[top] >= (SURE_OF_ANOTHER if found.ids else SURE):
        return Products((top,))
    if found.ids:
        return found
    possible = sorted((id_ for id_ in likely if likely[id_] >= POSSIBLE), key=lambda id_: -likely[id_])
    return Products(candidates=tuple(possible[:MOST_CANDIDATES]) if len(possible) > 1 else ())


def _among(candidates: tuple[str, ...], hinted: tuple[str, ...], likely: dict[str, float]) -> Products:
    hinted = tuple(id_ for id_ in hinted if id_ in candidates)
    if len(hinted) == 1:
        return Products(hinted)
    total = sum(likely.get(id_, 0.0) for id_ in candidates)
    best = max(candidates, key=lambda id_: likely.get(id_, 0.0))
    if total > SURE and likely.get(best, 0.0) / total >= SURE_AMONG:
        return Products((best,))
    return Products(candidates=candidates)


_SEVERAL = re.compile(
    r"\b(tambem|alem diss?o|aproveitando|outra coisa|ao mesmo tempo|e (mais )?uma? (sugestao|outro)|diferenca)\b"
)


def _speaks_of_several(text: str) -> bool:
    """Whether a message says it has more than one thing to say: then a host named is meant, too."""
    return _SEVERAL.search(fold(text)) is not None


def _hinted(hints: list[Mention], knowledge: Knowledge) -> tuple[str, ...]:
    """What the fingerprints tell. A module's log shows the host it runs in and the services it calls, too:
    then only the module counts."""
    ids = dict.fromkeys(id_ for hint in hints for id_ in hint.ids)
    return tuple(id_ for id_ in ids if knowledge.products[id_].dentro_de) or tuple(ids)


def _without_inner_names(heard: Heard, hints: list[Mention]) -> Heard:
    """The message without the ambiguous names that are only a part of a fingerprint: 'api' in an address."""
    inner = [m for m in heard.mentions if len(m.ids) > 1 and any(h.start <= m.start and m.end <= h.end for h in hints)]
    return replace(heard, mentions=tuple(m for m in heard.mentions if m not in inner))


def _common(groups: list[tuple[str, ...]]) -> tuple[str, ...]:
    """What ambiguous names share ('módulo' and 'tramita': one); if nothing, all they may mean."""
    if not groups:
        return ()
    common = [id_ for id_ in groups[0] if all(id_ in group for group in groups)]
    return tuple(common or dict.fromkeys(id_ for group in groups for id_ in group))
