"""What the Central offers: the triples product x sphere x support type of the guide's annex (section 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from penbot.knowledge import Product


@dataclass(frozen=True)
class Refusal:
    """Why a ticket is not offered: 'esfera' or 'tipo_suporte', and what is offered instead."""

    field: str
    available: tuple[str, ...]


def refusal(product: Product, sphere: str | None, support_type: str | None) -> Refusal | None:
    """Why this product takes no such ticket, or None where it does, as far as it is filled in."""
    if sphere is not None and sphere not in product.disponivel_para:
        return Refusal("esfera", product.disponivel_para)
    if support_type is not None and support_type not in product.suporte:
        return Refusal("tipo_suporte", product.suporte)
    return None


def only_sphere(product: Product) -> str | None:
    """The sphere that need not be asked, because there is no other: the NUP is federal only."""
    return product.disponivel_para[0] if len(product.disponivel_para) == 1 else None


_NAMED = 0.4  # what naming a type in so many words adds to the classifier's confidence in it
_STILL_LIKELY = 0.25  # of the best one's score: an offered type this likely is taken for the one meant


def likeliest_type(
    product: Product, ranking: Sequence[tuple[str, float]], named: Sequence[str], alike: dict[str, str]
) -> str:
    """The support type meant, preferring what the product offers.

    `ranking`: (support type, confidence), best first. `named`: the types the text names in so many
    words. `alike`: type -> the one it stands for where only that is offered. Never both empty.
    """
    scores = dict(ranking)
    for id_ in named:
        scores[id_] = scores.get(id_, 0.0) + _NAMED
    best = max(scores, key=lambda id_: scores[id_])
    if best not in product.suporte and alike.get(best) in product.suporte:
        return alike[best]
    offered = [id_ for id_ in scores if id_ in product.suporte]
    nearest = max(offered, key=lambda id_: scores[id_], default=best)
    return nearest if scores[nearest] >= _STILL_LIKELY * scores[best] else best
