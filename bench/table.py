"""What was measured, as a table to read and as JSON to keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

from bench.measures import MEASURES, UNANSWERED, UNPARSED, Values

_PLURALS = {"época": "épocas", "frase": "frases", "mensagem": "mensagens"}


@dataclass
class Report:
    """One run: where, on what, and the values of each bot's rounds (an empty list: not measured)."""

    machine: dict[str, str | int]
    when: datetime
    data: dict[str, int]
    epochs: int
    ours: list[Values] = field(default_factory=list)
    default: list[Values] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def text(self) -> str:
        return "\n".join((*self._head(), "", *_drawn(self._rows()), *self._foot()))

    def json(self) -> dict[str, Any]:
        return {
            "quando": self.when.isoformat(timespec="seconds"),
            "maquina": self.machine,
            "dados": self.data,
            "epocas": self.epochs,
            "nosso": self.ours,
            "padrao": self.default,
            "observacoes": self.notes,
        }

    def _head(self) -> list[str]:
        machine, data = self.machine, self.data
        load = str(machine["carga"]).replace(".", ",")
        return [
            f"Máquina: {machine['cpu']}, {machine['nucleos']} núcleos; {self.when:%d/%m/%Y %H:%M}; "
            f"carga antes de começar: {load}",
            f"Dados: {data['exemplos']} exemplos de {data['intencoes']} intenções; {data['conferidas']} frases de "
            f"conferência, {data['fora']} delas fora do escopo",
            "Uma rodada de medidas"
            if len(self.ours) == 1
            else f"Mediana de {len(self.ours)} rodadas (entre parênteses, o menor e o maior valor)",
        ]

    def _rows(self) -> list[list[str]]:
        rows = [["medida", "nosso assistente"]]
        if self.default:
            rows[0] += [f"padrão do Rasa (DIET, {_counted(self.epochs, 'época')})", "nosso ÷ padrão"]
        for key, name, digits in MEASURES:
            row = [name, _value(self.ours, key, digits)]
            if self.default:
                row += [_value(self.default, key, digits), _ratio(self.ours, self.default, key)]
            rows.append(row)
        return rows

    def _foot(self) -> list[str]:
        lines = ["", "Memória: todos os processos de cada um. Recusado: dado como fora do escopo ou abaixo do limiar."]
        if self.default:
            lines.append(
                "O padrão só responde «ok», sem servidor de ações: o REST do nosso faz mais trabalho por mensagem. "
                "Ele treina uma vez por execução."
            )
        for name, rounds in (("nosso assistente", self.ours), ("padrão do Rasa", self.default)):
            if unanswered := sum(int(values[UNANSWERED]) for values in rounds):
                lines.append(f"Atenção: {name}: {_counted(unanswered, 'mensagem')} do REST sem resposta.")
            if unparsed := max((int(values.get(UNPARSED, 0)) for values in rounds), default=0):
                lines.append(
                    f"Atenção: {name}: /model/parse dá erro em {_counted(unparsed, 'frase')}, dadas por erradas."
                )
        return lines + self.notes


def _counted(number: int, word: str) -> str:
    return f"{number} {word if number == 1 else _PLURALS[word]}"


def _value(rounds: list[Values], key: str, digits: int) -> str:
    values = [values[key] for values in rounds if key in values]
    if not values:
        return "–"
    if len(values) == 1:
        return _number(values[0], digits)
    least, most = _number(min(values), digits), _number(max(values), digits)
    return f"{_number(median(values), digits)} ({least}–{most})"


def _ratio(ours: list[Values], default: list[Values], key: str) -> str:
    """The median of each round's own ratio: a machine that slows down slows both."""
    pairs = zip(ours, default, strict=False)
    ratios = [a[key] / b[key] for a, b in pairs if key in a and b.get(key)]
    return _number(median(ratios), 2) if ratios else "–"


def _number(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace(".", ",")


def _drawn(rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]
    return [lines[0], "-" * len(lines[0]), *lines[1:]]
