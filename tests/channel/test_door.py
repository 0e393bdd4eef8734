import pytest
from hypothesis import given
from hypothesis import strategies as st

from penbot.channel.door import LONGEST, Door, Pressed, Typed

DOOR = Door(b"chave de teste")


def test_a_button_works_in_the_conversation_it_was_offered_in():
    payload = DOOR.payload("ana", "perguntar_o_que_e", {"produto": "sei"})

    assert DOOR.judge("ana", payload) == Pressed("perguntar_o_que_e", {"produto": "sei"})


def test_in_another_conversation_it_is_text():
    payload = DOOR.payload("ana", "abrir_chamado", {"produto": "sei"})

    assert isinstance(DOOR.judge("bia", payload), Typed)


def test_after_a_restart_with_the_same_home_it_still_works(tmp_path):
    payload = Door.at(tmp_path).payload("ana", "negar", {})

    assert Door.at(tmp_path).judge("ana", payload) == Pressed("negar", {})


def test_with_another_key_it_is_text():
    assert isinstance(Door(b"outra").judge("ana", DOOR.payload("ana", "negar", {})), Typed)


def test_the_key_is_read_by_its_owner_only(tmp_path):
    Door.at(tmp_path)

    assert (tmp_path / "chave_dos_botoes").stat().st_mode & 0o077 == 0


def test_a_changed_payload_is_text():
    payload = DOOR.payload("ana", "perguntar_o_que_e", {"produto": "sei"})

    assert isinstance(DOOR.judge("ana", payload.replace("sei", "nup")), Typed)


@pytest.mark.parametrize(
    "message",
    [
        "/restart",
        "/session_start",
        " /restart",
        "//restart",
        "/ /restart",
        '/abrir_chamado{"produto": "sei"}',
        "\u200b/restart",
    ],
)
def test_a_typed_command_is_only_text(message):
    came_in = DOOR.judge("ana", message)

    assert isinstance(came_in, Typed)
    assert not came_in.text.strip().startswith("/")


@given(st.text())
def test_nothing_typed_is_ever_a_command_or_without_end(message):
    came_in = DOOR.judge("ana", message)

    assert isinstance(came_in, Typed)
    assert not came_in.text.strip().startswith("/")
    assert len(came_in.text) <= LONGEST


def test_a_slash_inside_a_text_stays():
    assert DOOR.judge("ana", "erro em /modulos/pen/").text == "erro em /modulos/pen/"


def test_what_has_the_shape_of_a_command_is_marked():
    assert DOOR.judge("ana", "/restart").command
    assert DOOR.judge("ana", '/abrir_chamado{"produto": "sei"}').command
    assert not DOOR.judge("ana", "/o que é o SEI?").command
