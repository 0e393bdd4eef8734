import pytest

from penbot.language.durations import hours_mentioned


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("foi encerrado há 30 horas", 30),
        ("e se já fizesse 3 dias?", 72),
        ("fechou tem 24h", 24),
        ("faz uma semana que fechou", 168),
        ("encerraram anteontem", 48),
        ("fechado faz dois meses", 1440),
    ],
)
def test_a_length_of_time_is_read_in_hours(text, hours):
    assert hours_mentioned(text) == hours


@pytest.mark.parametrize("text", ["qual o prazo?", "o SEI 4.0.11", "48", "uma dúvida"])
def test_other_numbers_are_no_time(text):
    assert hours_mentioned(text) is None
