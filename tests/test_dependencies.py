"""Who may import whom. The table is the architecture; the rest only reads it."""

import ast
from pathlib import Path

import pytest

MAY_IMPORT = {
    "penbot/language": {"penbot.language", "rapidfuzz", "spellchecker"},
    "penbot/knowledge": {"penbot.knowledge", "penbot.language", "yaml"},
    "penbot/ticketing": {"penbot.ticketing", "penbot.knowledge"},
    "penbot/dialogue": {"penbot.dialogue", "penbot.ticketing", "penbot.knowledge", "penbot.language"},
    "penbot/nlu": {"penbot.nlu", "penbot.app", "penbot.knowledge", "penbot.language", "rasa", "spacy", "sklearn"},
    "penbot/channel": {"penbot.channel", "penbot.app", "penbot.language", "penbot.serving.rasa_fixes", "rasa", "sanic"},
    "actions": {"actions", "penbot.app", "penbot.channel.door", "penbot.dialogue", "penbot.knowledge", "rasa_sdk"},
    "penbot/cli": {"penbot.cli", "penbot.serving", "penbot.knowledge", "penbot.settings", "requests"},
}
WATCHED = ("penbot", "actions", "rasa", "rasa_sdk", "yaml", "requests", "spacy", "sklearn", "sanic", "rapidfuzz")
ROOT = Path(__file__).parent.parent
FILES = [(folder, path) for folder in MAY_IMPORT for path in sorted((ROOT / folder).rglob("*.py"))]


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize(("folder", "path"), FILES, ids=lambda value: str(value).removeprefix(f"{ROOT}/"))
def test_imports_follow_the_architecture(folder, path):
    watched = {name for name in imports(path) if name.split(".")[0] in WATCHED}
    stray = {n for n in watched if not any(f"{n}.".startswith(f"{a}.") for a in MAY_IMPORT[folder])}
    assert not stray
