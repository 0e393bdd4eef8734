"""Measure, and print one table. Everything runs on loopback, in a temporary folder, and is stopped at the end."""

from __future__ import annotations

import argparse
import dataclasses
import json
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import FrameType

from bench import machine
from bench.bots import Bot, BotError
from bench.default import RasaDefault
from bench.environment import ready_environment
from bench.measures import measured
from bench.ours import Ours
from bench.plain_data import examples
from bench.table import Report
from penbot.knowledge import ContentError, Knowledge, load
from penbot.nlu.examples import OUT_OF_SCOPE, held_out
from penbot.serving.supervisor import StartError
from penbot.serving.training import TrainingError
from penbot.settings import Settings, SettingsError


def main(argv: Sequence[str] | None = None) -> int:
    options = _options(argv)
    signal.signal(signal.SIGTERM, _interrupt)  # so that the servers are stopped then too
    try:
        with tempfile.TemporaryDirectory(prefix="penbot-bench-") as folder:
            report = _run(Path(folder), options)
    except (BotError, ContentError, SettingsError, StartError, TrainingError) as err:
        print(f"bench: {err}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(report.text())
    if options.json:
        options.json.write_text(json.dumps(report.json(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench", description="Mede velocidade, memória e acertos do assistente, ao lado do padrão do Rasa"
    )
    parser.add_argument("--sem-padrao", action="store_true", help="não mede o padrão do Rasa, só o nosso assistente")
    parser.add_argument(
        "--epocas",
        type=_positive,
        default=100,
        metavar="N",
        help="épocas de treino do DIET, do padrão (sem ela: 100; em dois núcleos, até dois minutos cada uma)",
    )
    parser.add_argument(
        "--rodadas", type=_positive, default=3, metavar="N", help="quantas vezes repete as medidas (sem ela: 3)"
    )
    parser.add_argument("--json", type=Path, metavar="ARQUIVO", help="guarda também os valores de cada rodada")
    options = parser.parse_args(argv)
    if options.json and not options.json.resolve().parent.is_dir():
        parser.error(f"a pasta de {options.json} não existe")
    return options


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} não é um número a partir de 1")
    return int(text)


def _run(folder: Path, options: argparse.Namespace) -> Report:
    given = Settings.read()
    content = folder / "knowledge"  # a copy: who edits meanwhile does not change what is measured
    shutil.copytree(given.knowledge, content)
    knowledge = load(content)
    home = folder / "nosso"
    home.mkdir()
    ours = Ours(knowledge, dataclasses.replace(given, home=home, knowledge=content))
    phrases = list(held_out(knowledge))
    report = Report(machine.described(), datetime.now().astimezone(), _counts(knowledge), options.epocas)
    default = None if options.sem_padrao else _default(folder, knowledge, report)
    for number in range(1, options.rodadas + 1):
        _say(f"rodada {number} de {options.rodadas}: nosso assistente")
        try:
            report.ours.append(measured(ours, phrases, train=True))
        except (BotError, StartError, TrainingError) as err:
            if number == 1:
                raise
            report.notes.append(f"A rodada {number} do nosso assistente não foi até o fim, e não houve outras: {err}")
            break
        if default is not None:
            _say(f"rodada {number} de {options.rodadas}: padrão do Rasa")
            try:
                report.default.append(measured(default, phrases, train=number == 1))
            except BotError as err:
                report.notes.append(f"O padrão do Rasa não foi medido até o fim: {err}")
                default = None
    return report


def _default(folder: Path, knowledge: Knowledge, report: Report) -> Bot | None:
    """Rasa's default, or a note that says why there is none."""
    _say("preparando o ambiente do padrão do Rasa em var/bench/venv (na primeira vez, alguns minutos)")
    try:
        python = ready_environment(folder)
    except BotError as err:
        report.notes.append(f"O padrão do Rasa não foi medido, porque o ambiente dele não pôde ser criado: {err}")
        return None
    return RasaDefault(python, folder / "padrao", knowledge, report.epochs)


def _counts(knowledge: Knowledge) -> dict[str, int]:
    texts, phrases = examples(knowledge), list(held_out(knowledge))
    return {
        "exemplos": sum(map(len, texts.values())),
        "intencoes": len(texts),
        "conferidas": len(phrases),
        "fora": sum(phrase.intent == OUT_OF_SCOPE for phrase in phrases),
    }


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
