"""Each file of tests/conversations/ is a conversation the bot must keep having.

A turn says one of `diz` (typed) or `aperta` (the title of a button of the message before), and expects
`ouve` (parts of the texts, one for each message), `botoes` (titles, all of them), `responde` (knowledge
ids, in order), `tipos` (the `custom` types, in order), `assunto` (slots; null for empty).
"""

from pathlib import Path

import pytest
import yaml

CONVERSATIONS = sorted((Path(__file__).parent / "conversations").glob("*.yml"))
SAYS, EXPECTS = {"diz", "aperta"}, {"ouve", "nao_ouve", "botoes", "responde", "tipos", "assunto"}


@pytest.mark.parametrize("path", CONVERSATIONS, ids=lambda path: path.stem)
def test_conversation(path, talk):
    heard = []
    turns = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(turns[-1]) & EXPECTS, f"{turns[-1]} não espera nada"
    for turn in turns:
        assert set(turn) <= SAYS | EXPECTS, f"chave desconhecida em {turn}"
        heard = said(turn, heard, talk, path.stem)
        check(turn, heard, talk, path.stem)


def said(turn, before, talk, conversation):
    if "aperta" in turn:
        return talk.press(turn["aperta"], before, conversation)
    return talk.say(turn["diz"], conversation)


def check(turn, heard, talk, conversation):
    texts = [message.get("text", "") for message in heard]
    customs = [message["custom"] for message in heard if message.get("custom")]
    assert texts, f"sem resposta a {turn}"
    if "ouve" in turn:
        assert len(texts) == len(turn["ouve"]), (turn, texts)
        for text, wanted in zip(texts, turn["ouve"], strict=True):
            assert wanted in text, (turn, texts)
    for unwanted in turn.get("nao_ouve", []):
        assert all(unwanted not in text for text in texts), (turn, texts)
    if "botoes" in turn:
        assert [b["title"] for m in heard for b in m.get("buttons", [])] == turn["botoes"]
    if "responde" in turn:
        assert [c["id"] for c in customs if c["type"] == "answer"] == turn["responde"], (turn, customs, texts)
    if "tipos" in turn:
        assert [c["type"] for c in customs] == turn["tipos"], (turn, texts)
    for slot, value in turn.get("assunto", {}).items():
        assert talk.slots(conversation)[slot] == value, (turn, slot)
