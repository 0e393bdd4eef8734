"""When a person answers: Monday to Friday, 8 h to 18 h in Brasília, except holidays (the guide, section 2.1).

Holidays are the national ones of law, Good Friday among them. Carnival, Ash Wednesday and Corpus Christi are
not: they are "pontos facultativos", which a decree grants anew each year, often for half a day, and the guide
excepts holidays only. `holidays` keeps them apart in a category of their own. State and municipal holidays do
not count either: the Central serves the whole country.

Every moment must be aware, and comes back in the time of Brasília.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

BRASILIA = ZoneInfo("America/Sao_Paulo")
_OPENS, _CLOSES = time(8), time(18)
_SATURDAY = 5
_WEEKDAYS = ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo")


def is_open(now: datetime) -> bool:
    """Whether somebody is answering."""
    here = _in_brasilia(now)
    return _is_working_day(here.date()) and _OPENS <= here.time() < _CLOSES


def next_answer(now: datetime) -> datetime:
    """The first moment from now on at which somebody is answering: now itself in office hours."""
    here = _in_brasilia(now)
    if is_open(here):
        return here
    day = here.date() if here.time() < _OPENS else here.date() + timedelta(days=1)
    while not _is_working_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, _OPENS, BRASILIA)


def after_hours(now: datetime, hours: int) -> datetime:
    """So many hours of the clock later: the 72 h and 48 h of the guide run at night and on Sundays, too."""
    return _in_brasilia(_in_brasilia(now).astimezone(timezone.utc) + timedelta(hours=hours))


def spoken(moment: datetime, now: datetime) -> str:
    """A moment as people say it: 'hoje às 14h30', 'amanhã, quinta-feira, 26/11, às 8h'."""
    here, today = _in_brasilia(moment), _in_brasilia(now).date()
    hour = f"{'à' if here.hour < 2 else 'às'} {here.hour}h{f'{here.minute:02}' if here.minute else ''}"
    if here.date() == today:
        return f"hoje {hour}"
    tomorrow = "amanhã, " if here.date() == today + timedelta(days=1) else ""
    year = f"/{here.year}" if here.year != today.year else ""
    return f"{tomorrow}{_WEEKDAYS[here.weekday()]}, {here.day:02}/{here.month:02}{year}, {hour}"


def _in_brasilia(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("falta o fuso horário desta data e hora")
    return moment.astimezone(BRASILIA)


def _is_working_day(day: date) -> bool:
    return day.weekday() < _SATURDAY and day not in _national_holidays(day.year)


@lru_cache(maxsize=16)
def _national_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("BR", years=year, categories=(holidays.PUBLIC,)))
