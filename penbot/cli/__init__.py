"""The `penbot` command. One verb, one module: `add(verbs)` describes it, `run(arguments)` does it.

Exit codes: 0 all well, 1 a problem was found or something failed, 2 wrong call.
"""

from __future__ import annotations

import argparse
import logging
import sys

from penbot.cli import chat, desk, evaluate, import_pages, outbox, run, train, validate
from penbot.knowledge import ContentError
from penbot.serving.supervisor import StartError
from penbot.serving.training import TrainingError
from penbot.settings import SettingsError
from penbot.ticketing.database import DatabaseError

VERBS = (run, chat, train, validate, evaluate, import_pages, desk, outbox)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="penbot", description="Assistente da Central de Atendimento do PEN")
    verbs = parser.add_subparsers(title="comandos", dest="comando", required=True)
    for verb in VERBS:
        verb.add(verbs)
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    try:
        return int(arguments.run(arguments))
    except (ContentError, DatabaseError, SettingsError, StartError, TrainingError) as err:
        print(f"penbot: {err}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
