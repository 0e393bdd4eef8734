"""The training data of our assistant as the files of a plain Rasa project."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from penbot.knowledge import Knowledge
from penbot.nlu.examples import filled, taught
from penbot.settings import ROOT

_MOVES = ROOT / "data" / "nlu" / "movimentos.yml"
_REPLY = "utter_ok"
_NOT_UNDERSTOOD = "nlu_fallback"


def examples(knowledge: Knowledge) -> dict[str, list[str]]:
    """What our importer gives Rasa to learn (penbot/nlu/importer.py): the texts of each intent."""
    forms = next(iter(knowledge.products.values())).forms
    texts = defaultdict(list)
    for example in taught(knowledge):
        texts[example.intent].append(example.text)
    for block in yaml.safe_load(_MOVES.read_text(encoding="utf-8"))["nlu"]:
        lines = (line.removeprefix("- ") for line in block["examples"].splitlines())
        texts[block["intent"]] += [filled(line, forms) for line in lines if line]
    return {intent: [" ".join(text.split()) for text in of_intent] for intent, of_intent in texts.items()}


def write_project(folder: Path, knowledge: Knowledge, epochs: int) -> None:
    """config, domain, data, endpoints and credentials: every intent has a rule, and every rule one answer."""
    taught_texts = examples(knowledge)
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "nlu.yml").write_text(_nlu(taught_texts), encoding="utf-8")
    heard = [*sorted(taught_texts), _NOT_UNDERSTOOD]
    rules = [{"rule": f"ouviu {intent}", "steps": [{"intent": intent}, {"action": _REPLY}]} for intent in heard]
    _dump(folder / "data" / "rules.yml", {"version": "3.1", "rules": rules})
    domain = {
        "version": "3.1",
        "intents": sorted(taught_texts),
        "responses": {_REPLY: [{"text": "ok"}]},
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": False},
    }
    _dump(folder / "domain.yml", domain)
    _dump(folder / "config.yml", _config(epochs))
    store = {"type": "SQL", "dialect": "sqlite", "db": "${BENCH_TRACKER_DB}"}
    _dump(folder / "endpoints.yml", {"tracker_store": store})
    _dump(folder / "credentials.yml", {"rest": None})


def _config(epochs: int) -> dict[str, Any]:
    """What `rasa init` leaves to be filled in, less what there is nothing to learn for (stories, retrieval)."""
    return {
        "recipe": "default.v1",
        "assistant_id": "padrao",
        "language": "pt",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
            {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True},
            {"name": "EntitySynonymMapper"},
            {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
        ],
        "policies": [{"name": "RulePolicy"}],
    }


def _nlu(texts: dict[str, list[str]]) -> str:
    """By hand, as people write it: one example a line."""
    lines = ['version: "3.1"', "nlu:"]
    for intent, of_intent in texts.items():
        lines += [f"  - intent: {intent}", "    examples: |", *(f"      - {text}" for text in of_intent)]
    return "\n".join((*lines, ""))


def _dump(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
