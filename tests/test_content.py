"""Every piece of content answers for itself: no test is written per product, channel or topic."""

from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from penbot.dialogue.heard import Heard
from penbot.dialogue.naming import named_products
from penbot.knowledge import load
from penbot.knowledge.answer import about_facet, about_subject
from penbot.knowledge.check import check
from penbot.knowledge.model import CHANNEL, SPHERE, SUPPORT
from penbot.nlu.examples import Example, filled, held_out
from penbot.settings import ROOT

KNOWLEDGE = load(ROOT / "knowledge")
MOVES = yaml.safe_load((Path(__file__).parent / "nlu/movimentos.yml").read_text(encoding="utf-8"))

# How many of the held-out phrases must be understood. They are an exam in other words than those taught;
# what `make bench` prints is higher. A fall below means that an edit made something worse.
UNDERSTOOD, AMONG_THREE, PRODUCTS_FOUND = 0.50, 0.70, 0.75


def test_the_content_keeps_its_rules():
    assert check(ROOT / "knowledge") == []


@pytest.mark.parametrize("facet", KNOWLEDGE.facets.values(), ids=lambda f: f.id)
@pytest.mark.parametrize("product", KNOWLEDGE.products.values(), ids=lambda p: p.id)
def test_every_product_answers_every_facet(product, facet):
    answer = about_facet(facet, product, KNOWLEDGE)

    assert product.nome.split()[-1].lower() in answer.text.lower()
    assert answer.custom["source"]
    assert len(answer.text) <= 800


@pytest.mark.parametrize("subject", KNOWLEDGE.subjects.values(), ids=lambda s: s.id)
def test_every_subject_has_an_answer_with_a_source(subject):
    answer = about_subject(subject, KNOWLEDGE)

    assert answer.custom == {"type": "answer", "id": subject.id, "source": subject.fonte}
    assert "{" not in answer.text


def names():
    for product in KNOWLEDGE.products.values():
        yield from (
            pytest.param(product.id, name, id=f"{product.id}-{name}") for name in (product.nome, *product.apelidos)
        )


@pytest.mark.parametrize(("product", "name"), names())
def test_every_product_is_found_by_each_of_its_names(product, name):
    mentions = tuple(KNOWLEDGE.vocabulary.mentions(f"quero saber: {name}"))
    meant = named_products(Heard("", (), mentions), KNOWLEDGE)

    assert product in meant.ids


@pytest.mark.parametrize("kind", [CHANNEL, SPHERE, SUPPORT])
def test_channels_spheres_and_types_are_found_by_each_of_their_names(kind):
    for name in KNOWLEDGE.names():
        if name.kind == kind:
            found = {id_ for m in KNOWLEDGE.vocabulary.mentions(name.text) if m.kind == kind for id_ in m.ids}
            assert set(name.ids) & found, f"{kind} {name.ids} não é achado por «{name.text}»"


def test_every_fingerprint_points_to_its_product():
    for product in KNOWLEDGE.products.values():
        for text in product.pistas:
            ids = {id_ for m in KNOWLEDGE.hints.mentions(f"apareceu {text} na tela") for id_ in m.ids}
            assert product.id in ids, f"{product.id}: {text}"


@pytest.fixture(scope="module")
def exam(talk):
    forms = KNOWLEDGE.products["sei"].forms
    moves = [Example(filled(text, forms), move) for move, texts in MOVES.items() for text in texts]
    examples = [e for e in (*held_out(KNOWLEDGE), *moves) if any(c.isalnum() for c in e.text)]
    return [(example, talk.parse(example.text)) for example in examples]


def test_held_out_phrases_are_understood(exam):
    first = [parse["intent_ranking"][0]["name"] == example.intent for example, parse in exam]
    three = [example.intent in [g["name"] for g in parse["intent_ranking"][:3]] for example, parse in exam]

    assert sum(first) / len(exam) >= UNDERSTOOD
    assert sum(three) / len(exam) >= AMONG_THREE


def test_every_entry_is_understood_from_some_held_out_phrase(exam):
    near = defaultdict(list)
    for example, parse in exam:
        near[example.intent].append(example.intent in [g["name"] for g in parse["intent_ranking"][:3]])

    assert [intent for intent, found in near.items() if not any(found)] == []


def test_what_is_out_of_scope_is_told_apart(exam):
    out = [parse["intent"]["name"] for example, parse in exam if example.intent == "fora_do_escopo"]
    wrongly = [e.text for e, parse in exam if parse["intent"]["name"] == "fora_do_escopo" != e.intent]

    assert sum(name in ("fora_do_escopo", "nlu_fallback") for name in out) / len(out) >= 0.85
    assert len(wrongly) / len(exam) <= 0.08


def test_products_are_found_from_situations_that_may_not_name_them(exam):
    told = [(e, parse) for e, parse in exam if e.product]
    found = [e.product in [g["name"] for g in parse.get("produtos_provaveis", [])[:1]] for e, parse in told]

    assert sum(found) / len(told) >= PRODUCTS_FOUND
