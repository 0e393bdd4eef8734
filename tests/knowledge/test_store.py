from shutil import copytree

import pytest

from penbot.knowledge import KnowledgeStore
from penbot.knowledge import store as module
from penbot.settings import ROOT


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_LOOK_EVERY", 0)
    return copytree(ROOT / "knowledge", tmp_path / "knowledge")


def test_a_new_file_is_a_new_product_found_by_its_names(root):
    store = KnowledgeStore(root)
    text = (root / "produtos/nup.yml").read_text(encoding="utf-8")
    text = text.replace("nome: NUP", "nome: Painel Zeta").replace("apelidos:", "apelidos:\n  - zetapen", 1)
    (root / "produtos/painel_zeta.yml").write_text(text, encoding="utf-8")

    assert store.current().products["painel_zeta"].nome == "Painel Zeta"
    assert "painel_zeta" in store.current().vocabulary.mentions("o que é o zetapen?")[0].ids


def test_a_changed_text_is_said_at_once(root):
    store = KnowledgeStore(root)
    path = root / "mensagens.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("Tudo bem. Se", "Combinado. Se"), encoding="utf-8")

    assert store.current().say("tudo_bem").startswith("Combinado")


def test_a_broken_edit_keeps_the_last_good_content(root, caplog):
    store = KnowledgeStore(root)
    before = store.current()
    (root / "produtos/nup.yml").write_text("nome: [NUP", encoding="utf-8")

    assert store.current() is before
    assert "nup.yml:1" in caplog.text


def test_a_mended_file_is_taken_again(root):
    store = KnowledgeStore(root)
    good = (root / "produtos/nup.yml").read_text(encoding="utf-8")
    (root / "produtos/nup.yml").write_text("nome: [NUP", encoding="utf-8")
    store.current()
    (root / "produtos/nup.yml").write_text(good.replace("nome: NUP", "nome: O NUP"), encoding="utf-8")

    assert store.current().products["nup"].nome == "O NUP"
