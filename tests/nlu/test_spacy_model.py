"""Both paths to a Portuguese spaCy model: the real package's name, and the stand-in."""

import importlib
import shutil
import subprocess
import sys

import pytest
import spacy

from penbot.nlu import spacy_model


def test_without_the_package_the_stand_in_is_used(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    assert spacy_model.model_in_use() == str(spacy_model.STAND_IN)


def test_the_stand_in_splits_words_and_knows_common_lemmas(tmp_path):
    spacy_model.build_stand_in(tmp_path)
    doc = spacy.load(tmp_path)("os chamados, ontem")

    assert [token.text for token in doc] == ["os", "chamados", ",", "ontem"]
    assert doc[0].lemma_ == "o"


@pytest.fixture
def packaged(tmp_path, monkeypatch):
    """A tiny pipeline packaged under the real model's name."""
    nlp = spacy.blank("pt")
    nlp.meta["name"], nlp.meta["version"] = "core_news_sm", "3.4.0"
    nlp.to_disk(tmp_path / "source")
    command = [sys.executable, "-m", "spacy", "package", tmp_path / "source", tmp_path, "--name", "core_news_sm"]
    subprocess.run([*map(str, command), "--build", "none"], check=True, capture_output=True, timeout=120)
    (folder,) = tmp_path.glob("pt_core_news_sm-*")
    shutil.copy(folder / "meta.json", folder / "pt_core_news_sm")  # a build would put it there
    monkeypatch.syspath_prepend(str(folder))
    importlib.invalidate_caches()
    yield
    for name in [n for n in sys.modules if n.startswith("pt_core_news_sm")]:
        del sys.modules[name]


def test_the_package_is_used_when_it_is_installed(packaged):
    assert spacy_model.model_in_use() == "pt_core_news_sm"
    assert importlib.import_module("pt_core_news_sm").load().meta["name"] == "core_news_sm"
