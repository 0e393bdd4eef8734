"""penbot train: make the model of the present content, if it is not there yet."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from penbot.cli.command import command
from penbot.knowledge import load
from penbot.serving.training import model_path, train
from penbot.settings import Settings


def add(verbs: Any) -> None:
    verb = command(verbs, "train", "treina o modelo do conteúdo atual, se ainda não existe")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    print(model_of(Settings.read()))
    return 0


def model_of(settings: Settings) -> Path:
    """The model of the present content, trained if need be. Raises ContentError, TrainingError."""
    knowledge = load(settings.knowledge)
    model = model_path(knowledge, settings)
    if not model.exists():
        print("treinando o modelo deste conteúdo (cerca de um minuto)…", flush=True)
        print(f"treinado em {train(knowledge, settings):.0f} s", flush=True)
    return model
