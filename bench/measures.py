"""What is measured of a bot in one round."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple

from bench import machine
from bench.bots import Bot, Running
from bench.load import CONVERSATION, parsed, percentile, talked
from bench.understanding import understood
from penbot.nlu.examples import Example

SEED = 2024
SAMPLE = 200  # held-out phrases
MANY = 10  # users at once
_CONVERSATIONS_EACH = 6  # of the many; the single user has all those of the sample

Values = dict[str, float]


class Measure(NamedTuple):
    """A row of the table: its key, what it is called, and the digits after the comma."""

    key: str
    name: str
    digits: int = 1


MEASURES = (
    Measure("treino", "treino, processo inteiro (s)", 0),
    Measure("pronto", "até ficar pronto (s)"),
    Measure("memoria", "memória depois da carga (MB)", 0),
    Measure("parse_p50", "/model/parse p50 (ms)"),
    Measure("parse_p95", "/model/parse p95 (ms)"),
    Measure("um_p50", "REST, 1 usuário, p50 (ms)"),
    Measure("um_p95", "REST, 1 usuário, p95 (ms)"),
    Measure("dez_p50", f"REST, {MANY} usuários, p50 (ms)"),
    Measure("dez_p95", f"REST, {MANY} usuários, p95 (ms)"),
    Measure("dez_vazao", f"REST, {MANY} usuários, mensagens/s"),
    Measure("primeira", "intenção certa, a primeira (%)"),
    Measure("tres", "intenção certa, entre as três primeiras (%)"),
    Measure("fora", "fora do escopo, recusado (%)"),
    Measure("recusadas", "dentro do escopo, recusado por engano (%)"),
)
UNANSWERED, UNPARSED = "sem_resposta", "parse_com_erro"
"""Not rows: messages of the REST series without a real answer, held-out phrases that /model/parse failed at.
The table warns when there are any."""


def sampled(phrases: Sequence[Example]) -> list[str]:
    """The same texts in every run on the same content."""
    return [example.text for example in random.Random(SEED).sample(list(phrases), min(SAMPLE, len(phrases)))]


def measured(bot: Bot, phrases: Sequence[Example], train: bool) -> Values:
    """One round. Without training, the last model is served again, and what it understands is not asked again."""
    values: Values = {"treino": bot.train()} if train else {}
    with bot.serve() as running:
        values |= {"pronto": running.ready_in, **_speed(running, sampled(phrases))}
        memory = machine.resident_mb(running.processes)
        values |= {"memoria": memory} if memory is not None else {}
        if train:
            parses, _ = parsed(running, [example.text for example in phrases])
            values |= {**understood(phrases, parses), UNPARSED: parses.count({})}
    return values


def _speed(running: Running, texts: list[str]) -> Values:
    _, parse = parsed(running, texts)
    one = talked(running, texts, users=1, conversations_each=-(-len(texts) // CONVERSATION))
    many = talked(running, texts, users=MANY, conversations_each=_CONVERSATIONS_EACH)
    return {
        **_percentiles("parse", parse),
        **_percentiles("um", one.seconds),
        **_percentiles("dez", many.seconds),
        "dez_vazao": many.per_second,
        UNANSWERED: one.unanswered + many.unanswered,
    }


def _percentiles(name: str, seconds: list[float]) -> Values:
    return {f"{name}_p50": 1000 * percentile(seconds, 0.50), f"{name}_p95": 1000 * percentile(seconds, 0.95)}
