from penbot.language.text import fold, has_words, phrase, words


def test_accents_and_case_do_not_matter():
    assert fold("MUNICÍPIO") == fold("municipio")


def test_gov_br_is_two_words_however_it_is_written():
    assert phrase("Tramita Gov.BR") == phrase("tramita.gov.br")


def test_linking_words_do_not_tell_names_apart():
    assert phrase("módulo do protocolo integrado") == phrase("módulo protocolo integrado")


def test_a_text_of_linking_words_only_keeps_them():
    assert phrase("e o") == ("e", "o")


def test_a_word_knows_where_it_stands():
    (first, second) = words("  SEI, né?")
    assert (first.start, first.end) == (2, 5)
    assert second.text == "ne"


def test_emoji_and_punctuation_are_no_words():
    assert not has_words("😡 ... !?")
    assert has_words("ok 👍")
