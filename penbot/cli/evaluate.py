"""penbot eval: the black-box evaluation kit against an assistant of its own."""

from __future__ import annotations

import argparse
import dataclasses
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from penbot.cli.command import command
from penbot.cli.train import model_of
from penbot.serving.supervisor import assistant, free_port, start, stop
from penbot.settings import ROOT, Settings, database_in

KIT = ROOT.parent / "shared" / "eval"
SUITES = {
    "facts": "facts_dev.yml",
    "noise": "facts_dev.yml",
    "dialogues": "dialogues_dev",
    "handoff": "handoff.jsonl",
    "invalid": "invalid_triples.jsonl",
    "oos": "out_of_scope.jsonl",
    "faq": "faq_paraphrase.jsonl",
}
_LIMIT = 1800  # seconds a suite may take


def add(verbs: Any) -> None:
    verb = command(verbs, "eval", "avalia o assistente com o kit de avaliação, se ele existe")
    verb.add_argument("suites", nargs="*", metavar="SUITE", help=f"quais: {', '.join(SUITES)} (sem nenhuma: todas)")
    verb.add_argument("--kit", type=Path, default=KIT, help="pasta do kit (evalkit.py e os dados)")
    verb.add_argument("--show", type=int, default=0, metavar="N", help="mostra N erros de cada suite")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    kit: Path = arguments.kit
    if not (kit / "evalkit.py").exists():
        print(f"o kit de avaliação não está em {kit}: nada a avaliar")
        return 0
    unknown = [suite for suite in arguments.suites if suite not in SUITES]
    if unknown:
        print(f"suite desconhecida: {', '.join(unknown)}; use: {', '.join(SUITES)}", file=sys.stderr)
        return 2
    settings = Settings.read()
    model = model_of(settings)
    with tempfile.TemporaryDirectory(prefix="penbot-eval-") as home:
        # whatever desk is set: no ticket of an evaluation is anybody's
        apart = dataclasses.replace(settings, home=Path(home), desk="local", database=database_in(Path(home)))
        wanted = assistant(dataclasses.replace(apart, port=free_port()), model)
        start(wanted)
        try:
            for suite in arguments.suites or SUITES:
                command = [sys.executable, "evalkit.py", suite, SUITES[suite], "--base", wanted.address]
                command += ["--token", wanted.token, "--show", str(arguments.show)]
                subprocess.run(command, cwd=kit, timeout=_LIMIT, check=False)
                print(flush=True)
        finally:
            stop(wanted)
    return 0
