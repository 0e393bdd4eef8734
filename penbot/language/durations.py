"""How long ago, as people write it: '30 horas', 'uma semana', 'anteontem'."""

from __future__ import annotations

import re

from penbot.language.text import fold

_HOURS = {
    "hora": 1,
    "h": 1,
    "hr": 1,
    "dia": 24,
    "semana": 168,
    "quinzena": 360,
    "mes": 720,
    "meses": 720,
    "ano": 8760,
}
_NUMBERS = {
    "um": 1, "uma": 1, "dois": 2, "duas": 2, "tres": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7, "oito": 8,
    "nove": 9, "dez": 10, "doze": 12, "quinze": 15, "vinte": 20, "trinta": 30, "quarenta": 40,
}  # fmt: skip
_MEASURED = re.compile(rf"\b(\d+|{'|'.join(_NUMBERS)})\s*(horas?|hrs?|h|dias?|semanas?|quinzenas?|mes|meses|anos?)\b")
_NAMED = {
    "anteontem": 48,
    "antes de ontem": 48,
    "ontem": 24,
    "hoje": 1,
    "agora ha pouco": 1,
    "semana passada": 168,
    "mes passado": 720,
    "ano passado": 8760,
}
_NAMED_PATTERN = re.compile(r"\b(" + "|".join(sorted(_NAMED, key=len, reverse=True)) + r")\b")


def hours_mentioned(text: str) -> int | None:
    """The length of time a text speaks of, in hours; None where it names none.

    >>> hours_mentioned("fechou faz 3 dias")
    72
    """
    folded = fold(text)
    if measured := _MEASURED.search(folded):
        number = _NUMBERS.get(measured[1]) or int(measured[1])
        unit = measured[2]
        return number * (_HOURS.get(unit) or _HOURS[unit.rstrip("s")])
    named = _NAMED_PATTERN.search(folded)
    return _NAMED[named[1]] if named else None
