"""penbot validate: is the content right? Every problem with its file and line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from penbot.cli.command import command
from penbot.knowledge.check import RULES, check
from penbot.settings import Settings


def add(verbs: Any) -> None:
    verb = command(verbs, "validate", "confere o conteúdo")
    verb.add_argument("caminho", nargs="?", type=Path, help="pasta do conteúdo (sem ela: knowledge/)")
    verb.add_argument("--regras", action="store_true", help="explica cada regra")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    if arguments.regras:
        for name, rule in RULES.items():
            print(f"{name}\n    {rule.__doc__}\n")
        return 0
    root = arguments.caminho or Settings.read().knowledge
    if not root.is_dir():
        print(f"{root} não é uma pasta; dê a pasta do conteúdo, como knowledge/", file=sys.stderr)
        return 2
    problems = check(root)
    for problem in problems:
        print(problem)
    count = "1 problema." if len(problems) == 1 else f"{len(problems)} problemas."
    print(count if problems else f"Tudo certo: {len(list(root.rglob('*.yml')))} arquivos.")
    return 1 if problems else 0
