"""penbot run: the whole assistant on this machine."""

from __future__ import annotations

import argparse
import time
from typing import Any

from penbot.cli.command import command
from penbot.cli.train import model_of
from penbot.serving.supervisor import assistant, serve
from penbot.settings import Settings


def add(verbs: Any) -> None:
    verb = command(verbs, "run", "liga o assistente (Ctrl-C desliga)")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    settings = Settings.read()
    model = model_of(settings)
    started = time.monotonic()
    wanted = assistant(settings, model)

    def ready() -> None:
        if not settings.api_token:
            print(f"senha da API (PENBOT_API_TOKEN): {wanted.token}", flush=True)
        print(
            f"pronto: {wanted.address} (em {time.monotonic() - started:.0f} s; Ctrl-C desliga; `make chat` conversa)",
            flush=True,
        )

    serve(wanted, ready)
    print("desligado")
    return 0
