import pytest

from penbot.knowledge.vocabulary import Name, Vocabulary

VOCABULARY = Vocabulary(
    [
        Name("produto", "SEI", ("sei",)),
        Name("produto", "não sei", ()),
        Name("produto", "sei que", ()),
        Name("produto", "tramita", ("api", "portal")),
        Name("produto", "portal do tramita", ("portal",)),
        Name("esfera", "município", ("municipal",)),
        Name("esfera", "do estado", ("estadual",)),
        Name("tipo_suporte", "credencial", ("credenciais",)),
    ],
    known=["o trâmite do processo"],
)


def ids(text):
    return [(m.kind, m.ids) for m in VOCABULARY.mentions(text)]


def test_accents_and_case_do_not_matter():
    assert ids("MUNICIPIO") == [("esfera", ("municipal",))]


@pytest.mark.parametrize("text", ["o portal tramita", "o portal do tramita", "Portal da Tramita"])
def test_the_longest_name_wins_with_or_without_linking_words(text):
    assert ids(text) == [("produto", ("portal",))]


def test_an_ambiguous_name_keeps_every_meaning():
    assert ids("o tramita") == [("produto", ("api", "portal"))]


def test_not_knowing_is_not_the_product():
    assert ids("não sei usar o SEI") == [("produto", ("sei",))]


def test_an_article_makes_it_the_product():
    assert ids("no SEI que instalamos") == [("produto", ("sei",))]
    assert ids("sei que instalamos") == []


def test_one_slip_in_a_longer_word_is_forgiven():
    assert ids("o tramtia") == [("produto", ("api", "portal"))]


def test_a_known_word_is_no_slip():
    assert ids("o trâmite") == []


def test_a_name_that_begins_with_a_linking_word_needs_it():
    assert ids("secretaria do estado") == [("esfera", ("estadual",))]
    assert ids("o estado do processo") == []


def test_each_word_is_used_once():
    (mention,) = VOCABULARY.mentions("meu portal tramita")
    assert (mention.start, mention.end) == (4, 18)


def test_not_using_a_product_is_not_naming_it():
    vocabulary = Vocabulary(
        [Name("produto", "SEI", ("sei",)), Name("produto", "não usa o SEI", ()), Name("produto", "o que sei", ())]
    )

    assert vocabulary.mentions("meu órgão não usa o SEI") == []
    assert vocabulary.mentions("é o que sei") == []
    assert len(vocabulary.mentions("o que é o SEI?")) == 1
