"""Rasa's SpacyNLP, with the stand-in where the real Portuguese model could not be had.

`pt_core_news_sm` is used when it is installed. Where it cannot be fetched, set-up builds the
stand-in: spaCy's blank Portuguese pipeline with the lookup lemmatizer of spacy-lookups-data (no tagger,
no names of people).
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP

from penbot.language.spelling import portuguese

_TABLE = "lemma_lookup"
STAND_IN = Path(sys.prefix) / "share" / "penbot" / "pt_basico"


def model_in_use(name: str = "pt_core_news_sm") -> str:
    """What spacy.load takes: the package's name where it is installed, else the stand-in's folder."""
    return name if importlib.util.find_spec(name) else str(STAND_IN)


def build_stand_in(folder: Path = STAND_IN) -> None:
    """Write the stand-in to a folder.

    The lemma table is cut down to common words: whole, it takes 240 MB of every process that loads it.
    """
    nlp = spacy.blank("pt")
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
    nlp.initialize()
    whole = lemmatizer.lookups.get_table(_TABLE)
    common = {word: whole[word] for word in portuguese().values() if word in whole}
    lemmatizer.lookups.remove_table(_TABLE)
    lemmatizer.lookups.add_table(_TABLE, common)
    folder.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(folder)


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MODEL_LOADER, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=False,
    model_from="PortugueseSpacy",
)
class PortugueseSpacy(SpacyNLP):
    """The model's name in config.yml is resolved on the machine it runs on, not where it was trained."""

    @staticmethod
    def load_model(spacy_model_name: str) -> SpacyModel:
        return SpacyModel(model=spacy.load(model_in_use(spacy_model_name)), model_name=spacy_model_name)
