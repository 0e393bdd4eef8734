"""With the real encoder, on the status entries: the nearest neighbours there are."""

from dataclasses import replace

import numpy as np
import pytest

from penbot.nlu.encoders import encoder
from penbot.nlu.question_index import Memory, QuestionIndex
from penbot.nlu.text_classifier import View


class Counting:
    """The encoder, and how many texts it was given."""

    def __init__(self):
        self.texts = 0

    def __call__(self, texts):
        self.texts += len(texts)
        return encoder("use")(texts)


@pytest.fixture(scope="module")
def questions(knowledge):
    return [q for q in knowledge.faq.values() if q.id.startswith(("tramita_status.", "app_sei_wssei."))]


@pytest.fixture(scope="module")
def encode():
    return Counting()


@pytest.fixture(scope="module")
def memory(knowledge, encode):
    taught = [text for subject in knowledge.subjects.values() for text in subject.perguntas[:3]]
    memory = Memory(encode, View.of(encode(taught)))
    memory.others = memory.fresh(taught)
    return memory


@pytest.fixture(scope="module")
def index(questions, memory):
    return QuestionIndex(questions, memory, memory.others)


def best(index, text, products=()):
    return index.ranking(text, products)[0][0]


def test_every_entry_is_found_by_its_own_question(index, questions):
    assert [q.id for q in questions if best(index, q.pergunta) != q.id] == []


@pytest.mark.parametrize("number", range(1, 11))
def test_entries_that_differ_by_a_digit_are_told_apart(index, number):
    assert best(index, f"meu processo está no status {number}, o que é isso?") == f"tramita_status.status_{number}"


def test_what_the_chances_add_up_to_tells_whether_the_faq_is_asked(index):
    asked = sum(chance for _, chance in index.ranking("onde aparece o QR code do aplicativo?", ()))
    other = sum(chance for _, chance in index.ranking("qual o prazo para reabrir um chamado?", ()))

    assert asked > 0.8
    assert other < 0.2


def test_a_product_named_speaks_for_its_entries(index):
    text = "onde está o manual?"
    with_product = dict(index.ranking(text, ["modulo_wssei"], length=99))
    without = dict(index.ranking(text, [], length=99))

    def share(chances):
        return sum(c for id_, c in chances.items() if id_.startswith("app_sei")) / sum(chances.values())

    assert share(with_product) > share(without)


def test_a_new_entry_is_found_at_once_and_costs_only_its_own_texts(index, questions, memory, encode):
    new = replace(
        questions[0],
        id="app_sei_wssei.papagaio",
        pergunta="O aplicativo fala com papagaios?",
        titulo="Papagaios no aplicativo",
        perguntas=("meu papagaio quer usar o app",),
        sintomas=(),
    )
    before = encode.texts
    larger = QuestionIndex([*questions, new], memory, memory.others)

    assert encode.texts - before == 4
    assert best(larger, "papagaio consegue usar o aplicativo?") == new.id


def test_an_empty_faq_answers_nothing(memory):
    assert QuestionIndex([], memory, memory.others).ranking("oi", ()) == []


def test_few_entries_are_enough_to_find_one(questions, memory):
    index = QuestionIndex(questions[:1], memory, np.zeros((0, memory.others.shape[1]), dtype=np.float32))

    assert index.ranking("o que é o app?", ())[0][0] == questions[0].id
