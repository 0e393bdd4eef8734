import pytest

from penbot.cli import main
from penbot.cli.evaluate import SUITES


@pytest.fixture
def kit(tmp_path):
    (tmp_path / "evalkit.py").touch()
    return tmp_path


def test_without_the_kit_there_is_nothing_to_do(tmp_path, capsys):
    assert main(["eval", "--kit", str(tmp_path)]) == 0

    assert capsys.readouterr().out == f"o kit de avaliação não está em {tmp_path}: nada a avaliar\n"


def test_an_unknown_suite_is_a_wrong_call_before_anything_starts(kit, tmp_path, monkeypatch, capsys):
    # Were anything read or started first, this content would end in another sentence and code.
    monkeypatch.setenv("PENBOT_KNOWLEDGE", str(tmp_path))

    assert main(["eval", "facts", "fatos", "--kit", str(kit)]) == 2

    said = capsys.readouterr()
    assert said.err == f"suite desconhecida: fatos; use: {', '.join(SUITES)}\n"
    assert said.out == ""


def test_the_help_names_every_suite(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["eval", "--help"])

    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert all(suite in said for suite in SUITES)
