from penbot.language.spelling import Speller, portuguese


def test_common_portuguese_words_are_known_with_their_accents():
    assert len(portuguese()) > 15_000
    assert portuguese()["municipio"] == "município"


def test_shortened_words_are_written_out():
    assert Speller([])("vc pode msm?") == "você pode mesmo"


def test_accents_come_back():
    assert Speller([])("orgao publico") == "órgão público"


def test_an_unknown_word_becomes_the_nearest_known_one():
    assert Speller(["reabrir um chamado"])("reabir o chamdo") == "reabrir o chamado"


def test_a_portuguese_word_stays_however_near_to_another():
    assert Speller(["módulo"])("modelo") == "modelo"


def test_short_words_and_numbers_stay():
    assert Speller(["nup", "sei"])("nap 4012 sie") == "nap 4012 sie"


def test_without_guessing_a_tie_stays_as_it_is():
    known = ["barracas", "barradas"]
    assert Speller(known, guess=False)("barraxas") == "barraxas"
    assert Speller(known)("barraxas") in known
