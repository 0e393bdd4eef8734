"""Who may import whom. The table is the architecture; the rest only reads it.

A row is for a folder or a file; where several fit, the longest one holds.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

MAY_IMPORT = {
    "penbot/language": {"penbot.language", "rapidfuzz", "spellchecker", "email_validator", "validate_docbr"},
    "penbot/knowledge": {"penbot.knowledge", "penbot.language", "yaml"},
    "penbot/ticketing": {
        "penbot.ticketing",
        "penbot.knowledge",
        "penbot.language",
        "penbot.keyfile",
        "sqlalchemy",
        "cryptography",
    },
    "penbot/ticketing/desks": {"penbot.ticketing", "requests", "urllib3", "sqlalchemy"},
    "penbot/ticketing/desks/rt_setup.py": {"penbot.ticketing.desks", "penbot.knowledge"},
    "penbot/dialogue": {"penbot.dialogue", "penbot.ticketing", "penbot.knowledge", "penbot.language"},
    "penbot/nlu": {"penbot.nlu", "penbot.app", "penbot.knowledge", "penbot.language", "rasa", "spacy", "sklearn"},
    "penbot/channel": {
        "penbot.keyfile",
        "penbot.channel",
        "penbot.app",
        "penbot.language",
        "penbot.serving.rasa_fixes",
        "rasa",
        "sanic",
    },
    "actions": {
        "actions",
        "penbot.app",
        "penbot.channel.door",
        "penbot.ticketing.desk",
        "penbot.dialogue",
        "penbot.knowledge",
        "rasa_sdk",
    },
    "penbot/cli": {
        "penbot.cli",
        "penbot.app",
        "penbot.serving",
        "penbot.ticketing",
        "penbot.knowledge",
        "penbot.settings",
        "requests",
    },
    "penbot/cli/sphinx_pages.py": {"docutils"},
    "penbot/cli/import_pages.py": {
        "penbot.cli.sphinx_pages",
        "penbot.cli.command",
        "penbot.knowledge",
        "penbot.language.text",
        "penbot.settings",
        "rapidfuzz",
        "yaml",
    },
}
WATCHED = (
    "penbot",
    "actions",
    "rasa",
    "rasa_sdk",
    "yaml",
    "requests",
    "urllib3",
    "spacy",
    "sklearn",
    "sanic",
    "rapidfuzz",
    "sqlalchemy",
    "cryptography",
    "docutils",
)
ROOT = Path(__file__).parent.parent
PATHS = sorted({path for row in MAY_IMPORT for path in (ROOT / row).rglob("*.py")})


def row_of(path):
    name = path.relative_to(ROOT).as_posix()
    return max((row for row in MAY_IMPORT if f"{name}/".startswith(f"{row}/")), key=len)


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_follow_the_architecture(path):
    watched = {name for name in imports(path) if name.split(".")[0] in WATCHED}
    stray = {n for n in watched if not any(f"{n}.".startswith(f"{a}.") for a in MAY_IMPORT[row_of(path)])}
    assert not stray


def test_the_action_server_runs_without_rasa():
    """Neither what takes the turns nor what delivers the tickets needs it."""
    code = "import sys, actions.conversation, penbot.app, penbot.ticketing.worker; print('rasa' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert ran.stdout.strip() == "False", ran.stderr
