"""What the content teaches: every example of every intent, and of every product."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import NamedTuple

from penbot.knowledge import Knowledge

OUT_OF_SCOPE = "fora_do_escopo"
DESCRIBED = "descrever_produto"
NO_PRODUCT = "nenhum"
PRODUCT_TAUGHT = "produto_ensinado"
"""The key of a training message that holds the product it teaches."""


class Example(NamedTuple):
    text: str
    intent: str
    product: str | None = None


def filled(template: str, forms: dict[str, str]) -> str:
    return template.format(**forms) if "{" in template else template


def taught(knowledge: Knowledge) -> Iterator[Example]:
    """The training examples. Templates meet every product in turn, so that no name speaks for a question."""
    products = cycle(knowledge.products.values())
    for subject in knowledge.subjects.values():
        yield from (Example(text, subject.intent) for text in subject.perguntas)
    for facet in knowledge.facets.values():
        for template in facet.perguntas:
            yield Example(filled(template, next(products).forms), facet.intent)
    for talk in knowledge.small_talk.values():
        yield from (Example(text, talk.intent) for text in talk.perguntas)
    for term in knowledge.support_types.values():
        for template in term.frases:
            yield Example(filled(template, next(products).forms), term.id)
    for product in knowledge.products.values():
        for type_, situations in product.situacoes.items():
            yield from (Example(text, type_, product.id) for text in situations)
        yield from (Example(text, DESCRIBED, product.id) for text in product.descricoes)
    yield from (Example(text, OUT_OF_SCOPE) for text in knowledge.out_of_scope)


def held_out(knowledge: Knowledge) -> Iterator[Example]:
    """The `confere` phrases: asked of the trained model, never taught."""
    products = cycle(knowledge.products.values())
    for subject in knowledge.subjects.values():
        yield from (Example(text, subject.intent) for text in subject.confere)
    for facet in knowledge.facets.values():
        for template in facet.confere:
            yield Example(filled(template, next(products).forms), facet.intent)
    for talk in knowledge.small_talk.values():
        yield from (Example(text, talk.intent) for text in talk.confere)
    for term in knowledge.support_types.values():
        for template in term.confere:
            yield Example(filled(template, next(products).forms), term.id)
    for product in knowledge.products.values():
        for type_, situations in product.confere.items():
            yield from (Example(text, type_, product.id) for text in situations)
    yield from (Example(text, OUT_OF_SCOPE) for text in knowledge.out_of_scope_held_out)
