from pathlib import Path
from shutil import copytree

import pytest

from penbot.cli import main
from penbot.knowledge.check import RULES

CASES = Path(__file__).parent.parent / "checks"
SOUND = CASES / "_bom"


@pytest.fixture
def wrong(tmp_path):
    """A content with three mistakes, each in a file of its own."""
    root = copytree(SOUND, tmp_path / "knowledge")
    copytree(CASES / "produto-desconhecido", root, dirs_exist_ok=True)
    return copytree(CASES / "titulo-longo", root, dirs_exist_ok=True)


def test_sound_content_ends_well_and_says_how_much_was_read(capsys):
    assert main(["validate", str(SOUND)]) == 0

    assert capsys.readouterr().out == f"Tudo certo: {len(list(SOUND.rglob('*.yml')))} arquivos.\n"


def test_each_problem_is_a_line_that_an_editor_can_follow(wrong, capsys):
    assert main(["validate", str(wrong)]) == 1

    first, second, third, total = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{wrong}/faq/malote_duvidas.yml:24: o título tem 46 caracteres")
    assert second.startswith(f"{wrong}/nomes_ambiguos.yml:1: «programa novo»")
    assert second.endswith("[produto-desconhecido]")
    assert third.startswith(f"{wrong}/topicos/chamado.yml:5: o título tem 46 caracteres")
    assert third.endswith("[titulo-longo]")
    assert total == "3 problemas."


def test_content_that_cannot_be_read_is_a_problem_and_not_a_failure(wrong, capsys):
    (wrong / "facetas.yml").unlink()

    assert main(["validate", str(wrong)]) == 1
    assert f"{wrong}/facetas.yml:1: o arquivo não existe [leitura]\n" in capsys.readouterr().out


def test_without_a_folder_the_content_in_use_is_checked(wrong, monkeypatch, capsys):
    monkeypatch.setenv("PENBOT_KNOWLEDGE", str(wrong))

    assert main(["validate"]) == 1
    assert "3 problemas." in capsys.readouterr().out


@pytest.mark.parametrize("path", [SOUND / "facetas.yml", SOUND / "nao_existe"], ids=lambda path: path.name)
def test_what_is_not_a_folder_is_a_wrong_call(path, capsys):
    assert main(["validate", str(path)]) == 2

    said = capsys.readouterr()
    assert said.err == f"{path} não é uma pasta; dê a pasta do conteúdo, como knowledge/\n"
    assert said.out == ""


def test_every_rule_is_explained_on_request(capsys):
    assert main(["validate", "--regras"]) == 0

    said = capsys.readouterr().out
    assert [line for line in said.splitlines() if line in RULES] == list(RULES)
    assert "None" not in said
