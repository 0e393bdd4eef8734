from penbot.nlu.bm25 import BM25, pieces

DOCUMENTS = ("o processo parou no status 2", "o processo parou no status 3", "como arquivar um processo")


def best(text):
    return DOCUMENTS[BM25([pieces(document) for document in DOCUMENTS]).scores(text).argmax()]


def test_a_lone_digit_decides():
    assert best("status 3") == DOCUMENTS[1]
    assert best("status 2") == DOCUMENTS[0]


def test_other_forms_of_a_word_and_slips_share_pieces():
    assert best("arquivamento") == DOCUMENTS[2]
    assert best("aqruivar") == DOCUMENTS[2]


def test_words_that_are_nowhere_say_nothing():
    assert BM25([pieces(document) for document in DOCUMENTS]).scores("xyz").tolist() == [0, 0, 0]
