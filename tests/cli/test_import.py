"""Drafts from the sources of WikiPEN, over a content and pages of the test's own."""

from pathlib import Path
from shutil import copytree

import pytest
import yaml

from penbot.cli import main
from penbot.knowledge import load

SOUND = Path(__file__).parent.parent / "checks" / "_bom"


@pytest.fixture
def content(tmp_path, monkeypatch):
    root = copytree(SOUND, tmp_path / "knowledge")
    monkeypatch.setenv("PENBOT_KNOWLEDGE", str(root))
    return root


@pytest.fixture
def source(tmp_path, content):
    """A page that the content answers from, with one heading more."""
    body = yaml.safe_load((content / "faq" / "malote_duvidas.yml").read_text(encoding="utf-8"))
    url = body.get("fonte") or next(iter(body["assuntos"].values()))["fonte"]
    place = url.split("/latest/")[1].removesuffix(".html")
    page = tmp_path / "wiki" / f"{place}.rst"
    page.parent.mkdir(parents=True)
    known = next(iter(body["assuntos"].values()))["pergunta"]
    new = "Onde fica o arquivo morto do carimbo antigo?"
    parts = [("Dúvidas", "="), (known, "-"), (new, "-")]
    page.write_text("\n".join(f"{t}\n{c * len(t)}\n\nUm texto da página.\n" for t, c in parts), encoding="utf-8")
    return page


def run(source):
    return main(["import", "wikipen", str(next(p for p in source.parents if p.name == "wiki"))])


def test_a_heading_without_an_entry_becomes_a_draft_that_is_not_live(source, content, capsys):
    before = set(load(content).faq)

    assert run(source) == 1

    (draft,) = (content / "faq" / "_rascunhos").glob("*.yml")
    text = draft.read_text(encoding="utf-8")
    assert "Onde fica o arquivo morto" in text
    assert "Onde fica o arquivo morto" in capsys.readouterr().out
    assert set(load(content).faq) == before


def test_a_draft_that_is_being_written_is_left_alone(source, content):
    run(source)
    (draft,) = (content / "faq" / "_rascunhos").glob("*.yml")
    draft.write_text("em obras", encoding="utf-8")
    run(source)

    assert draft.read_text(encoding="utf-8") == "em obras"


def test_a_page_that_changed_is_told_with_its_entries(source, capsys):
    run(source)
    source.write_text(source.read_text(encoding="utf-8").replace("Um texto", "Outro texto"), encoding="utf-8")
    capsys.readouterr()

    assert run(source) == 1
    assert "mudou: https://" in capsys.readouterr().out


def test_what_is_no_folder_is_a_wrong_call(content, tmp_path, capsys):
    assert main(["import", "wikipen", str(tmp_path / "nada")]) == 2
    assert "não é uma pasta" in capsys.readouterr().err
