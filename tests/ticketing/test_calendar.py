from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from penbot.ticketing.calendar import BRASILIA, after_hours, is_open, next_answer, spoken


def at(text):
    """'2026-11-25 14:30' in the time of Brasília."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=BRASILIA)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-25 14:30", "2026-11-25 14:30"),  # a Wednesday at work
        ("2026-11-25 08:00", "2026-11-25 08:00"),
        ("2026-11-25 17:59", "2026-11-25 17:59"),
        ("2026-11-25 07:59", "2026-11-25 08:00"),
        ("2026-11-25 00:00", "2026-11-25 08:00"),
        ("2026-11-25 18:00", "2026-11-26 08:00"),
        ("2026-11-25 23:59", "2026-11-26 08:00"),
        ("2026-11-27 18:00", "2026-11-30 08:00"),  # over a weekend
        ("2026-11-28 10:00", "2026-11-30 08:00"),
        ("2026-11-29 23:00", "2026-11-30 08:00"),
        ("2026-11-20 10:00", "2026-11-23 08:00"),  # Consciência Negra, a Friday
        ("2023-11-20 10:00", "2023-11-20 10:00"),  # which the whole country keeps only since 2024
        ("2024-11-20 10:00", "2024-11-21 08:00"),
        ("2026-01-01 09:00", "2026-01-02 08:00"),
        ("2026-04-21 09:00", "2026-04-22 08:00"),  # Tiradentes
        ("2025-05-01 09:00", "2025-05-02 08:00"),
        ("2026-09-07 09:00", "2026-09-08 08:00"),
        ("2026-10-12 09:00", "2026-10-13 08:00"),
        ("2026-11-02 09:00", "2026-11-03 08:00"),
        ("2024-11-15 09:00", "2024-11-18 08:00"),
        ("2026-12-25 09:00", "2026-12-28 08:00"),
        ("2024-03-29 09:00", "2024-04-01 08:00"),  # Good Friday moves
        ("2025-04-18 09:00", "2025-04-22 08:00"),  # and meets Tiradentes on the Monday
        ("2025-04-17 18:00", "2025-04-22 08:00"),
        ("2026-04-02 18:30", "2026-04-06 08:00"),
        ("2027-03-26 08:00", "2027-03-29 08:00"),
        ("2026-12-31 18:00", "2027-01-04 08:00"),  # year ends
        ("2024-12-31 19:00", "2025-01-02 08:00"),
        ("2027-12-31 18:00", "2028-01-03 08:00"),
    ],
)
def test_an_answer_comes_in_the_next_office_hours(now, opens):
    assert next_answer(at(now)) == at(opens)


@pytest.mark.parametrize("day", ["2026-02-16", "2026-02-17", "2026-02-18", "2026-06-04", "2026-10-28", "2026-12-24"])
def test_what_is_optional_is_no_holiday(day):
    assert is_open(at(f"{day} 15:00"))


@pytest.mark.parametrize(
    ("now", "open_"),
    [
        (datetime(2026, 11, 25, 10, 59, tzinfo=timezone.utc), False),
        (datetime(2026, 11, 25, 11, 0, tzinfo=timezone.utc), True),
        (datetime(2026, 11, 25, 20, 59, tzinfo=timezone.utc), True),
        (datetime(2026, 11, 25, 21, 0, tzinfo=timezone.utc), False),
        (datetime(2026, 11, 26, 2, 0, tzinfo=timezone.utc), False),
        (datetime(2026, 11, 25, 7, 0, tzinfo=timezone(timedelta(hours=-4))), True),  # Manaus
        (datetime(2018, 11, 20, 10, 0, tzinfo=timezone.utc), True),  # when there was summer time
    ],
)
def test_the_clock_is_that_of_brasilia(now, open_):
    assert is_open(now) is open_


def test_an_answer_is_told_in_the_time_of_brasilia():
    assert next_answer(datetime(2026, 11, 25, 17, 30, tzinfo=timezone.utc)).isoformat() == "2026-11-25T14:30:00-03:00"


@pytest.mark.parametrize(
    ("now", "hours", "then"),
    [
        ("2026-11-25 14:30", 72, "2026-11-28 14:30"),
        ("2026-11-27 17:00", 48, "2026-11-29 17:00"),  # weekends run, too
        ("2026-12-30 09:15", 48, "2027-01-01 09:15"),
        ("2024-02-27 10:00", 72, "2024-03-01 10:00"),
        ("2026-11-25 14:30", 0, "2026-11-25 14:30"),
        ("2018-11-03 12:00", 24, "2018-11-04 13:00"),  # a day that was an hour short
    ],
)
def test_deadlines_are_hours_of_the_clock(now, hours, then):
    assert after_hours(at(now), hours) == at(then)


@pytest.mark.parametrize(
    ("moment", "now", "said"),
    [
        ("2026-11-25 14:30", "2026-11-25 09:00", "hoje às 14h30"),
        ("2026-11-25 14:00", "2026-11-25 09:00", "hoje às 14h"),
        ("2026-11-25 08:05", "2026-11-25 00:10", "hoje às 8h05"),
        ("2026-11-25 01:30", "2026-11-25 00:10", "hoje à 1h30"),
        ("2026-11-26 00:00", "2026-11-25 23:00", "amanhã, quinta-feira, 26/11, à 0h"),
        ("2026-11-26 08:00", "2026-11-25 19:00", "amanhã, quinta-feira, 26/11, às 8h"),
        ("2026-11-30 08:00", "2026-11-27 18:00", "segunda-feira, 30/11, às 8h"),
        ("2026-12-01 08:00", "2026-11-30 18:00", "amanhã, terça-feira, 01/12, às 8h"),
        ("2026-11-28 14:30", "2026-11-25 14:30", "sábado, 28/11, às 14h30"),
        ("2026-11-29 17:00", "2026-11-27 17:00", "domingo, 29/11, às 17h"),
        ("2027-01-04 08:00", "2026-12-31 18:00", "segunda-feira, 04/01/2027, às 8h"),
        ("2027-01-01 09:15", "2026-12-31 10:00", "amanhã, sexta-feira, 01/01/2027, às 9h15"),
        ("2026-11-24 10:00", "2026-11-25 10:00", "terça-feira, 24/11, às 10h"),
    ],
)
def test_a_moment_is_said_as_people_say_it(moment, now, said):
    assert spoken(at(moment), at(now)) == said


def test_today_is_the_day_in_brasilia():
    late = datetime(2026, 11, 26, 1, 0, tzinfo=timezone.utc)

    assert spoken(at("2026-11-25 23:00"), late) == "hoje às 23h"


@pytest.mark.parametrize("call", [is_open, next_answer, lambda now: after_hours(now, 1), lambda now: spoken(now, now)])
def test_a_moment_without_a_time_zone_is_refused(call):
    with pytest.raises(ValueError, match="falta o fuso horário"):
        call(datetime(2026, 11, 25, 10, 0))


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.timezones())


@settings(max_examples=300, deadline=None)
@example(at("2026-12-31 23:59"))
@given(MOMENTS)
def test_the_next_answer_is_in_office_hours_and_never_past(now):
    now = now.astimezone(timezone.utc)
    then = next_answer(now)

    assert is_open(then)
    assert next_answer(then) == then
    assert timedelta() <= then.astimezone(timezone.utc) - now <= timedelta(days=5)
    assert (then.astimezone(timezone.utc) == now) is is_open(now)
