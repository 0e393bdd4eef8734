"""The command as it is called: a process, its exit code and what it writes."""

import os
import subprocess
import sys

import pytest

from penbot.settings import ROOT


def penbot(*words, **environment):
    command = [sys.executable, "-m", "penbot", *words]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("PENBOT_PORT", "abc", "PENBOT_PORT=abc não é uma porta; use um número de 1 a 65535"),
        ("PENBOT_DESK", "balcao", "PENBOT_DESK=balcao não existe; use um de: local, rt, glpi, portal"),
    ],
)
@pytest.mark.parametrize("verb", ["run", "chat", "train"])
def test_a_wrong_setting_ends_in_one_sentence(verb, variable, value, sentence):
    done = penbot(verb, **{variable: value})

    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"penbot: {sentence}\n")


@pytest.mark.parametrize("verb", ["run", "train"])
def test_content_that_cannot_be_read_ends_in_one_sentence(verb, tmp_path):
    (tmp_path / "facetas.yml").write_text("o_que_e: [", encoding="utf-8")

    done = penbot(verb, PENBOT_KNOWLEDGE=str(tmp_path))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"penbot: {tmp_path}/facetas.yml:1: não é YAML válido")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", [(), ("voar",), ("run", "depressa")], ids=["none", "unknown", "too many"])
def test_a_wrong_call_shows_the_usage(words):
    done = penbot(*words)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: penbot")


def test_help_names_every_verb():
    done = penbot("--help")

    assert done.returncode == 0
    assert all(verb in done.stdout for verb in ("run", "chat", "train", "validate", "eval", "desk", "outbox"))
