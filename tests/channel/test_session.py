from hypothesis import given
from hypothesis import strategies as st

from penbot.channel.session import Session, Sessions

SESSIONS = Sessions(b"chave de teste")


def test_a_token_gives_back_its_conversation_and_origin():
    session = SESSIONS.read(SESSIONS.mint("https://portal.gov.br"))

    assert session is not None
    assert session.origin == "https://portal.gov.br"
    assert len(session.conversation) == 32


def test_no_two_sessions_are_the_same_conversation():
    assert SESSIONS.read(SESSIONS.mint("self")) != SESSIONS.read(SESSIONS.mint("self"))


def test_an_expired_token_is_none():
    assert Sessions(b"chave de teste", lasts=-1).read(SESSIONS.mint("self")) is None


def test_a_token_of_another_key_is_none():
    assert Sessions(b"outra").read(SESSIONS.mint("self")) is None


def test_after_a_restart_with_the_same_home_a_token_still_works(tmp_path):
    token = Sessions.at(tmp_path).mint("self")

    assert isinstance(Sessions.at(tmp_path).read(token), Session)


@given(st.text())
def test_nothing_made_up_is_a_token(text):
    assert SESSIONS.read(text) is None


@given(st.data())
def test_a_changed_token_is_none(data):
    token = SESSIONS.mint("self")
    place = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.sampled_from("abcXYZ019-_."))
    changed = token[:place] + sign + token[place + 1 :]

    read = SESSIONS.read(changed)
    # the last sign of base64 has bits that say nothing: two spellings, one signature
    assert read is None or read == SESSIONS.read(token)
