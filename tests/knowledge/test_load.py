from shutil import copytree

import pytest

from penbot.knowledge import ContentError, load
from penbot.settings import ROOT


@pytest.fixture
def root(tmp_path):
    return copytree(ROOT / "knowledge", tmp_path / "knowledge")


def replace(path, before, after):
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_the_version_changes_with_the_content(root):
    before = load(root).version
    replace(root / "mensagens.yml", "Tudo bem", "Certo")

    assert load(root).version != before


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("artigo: o\n", "", "nup.yml:1: falta `artigo`"),
        ("artigo: o\n", "artgo: o\n", "nup.yml:2: a chave `artgo` não existe aqui"),
        ("artigo: o\n", "artigo: [o\n", "não é YAML válido"),
        ("artigo: o\n", "artigo: 3\n", 'nup.yml:2: `artigo` deve ser texto; ponha entre aspas: "3"'),
        ("artigo: o\n", "artigo: e\n", "nup.yml:2: `artigo` é «e»; use um de: o, a, os, as"),
        ("disponivel_para: [executivo_federal]", "disponivel_para: federal", "deve ser uma lista"),
    ],
)
def test_a_mistake_is_told_with_its_line(root, before, after, message):
    replace(root / "produtos/nup.yml", before, after)

    with pytest.raises(ContentError, match=r"nup\.yml:\d+: ") as told:
        load(root)
    assert message in str(told.value)


def test_a_missing_file_is_named(root):
    (root / "facetas.yml").unlink()

    with pytest.raises(ContentError, match=r"facetas\.yml:1: o arquivo não existe"):
        load(root)


def test_an_empty_file_is_told(root):
    (root / "topicos/pen.yml").write_text("")

    with pytest.raises(ContentError, match=r"pen\.yml:1: o arquivo deve ter chaves"):
        load(root)
