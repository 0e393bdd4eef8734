import pytest

from penbot.channel.origins import SELF, Origins

ORIGINS = Origins(("https://portal.gov.br",))


@pytest.mark.parametrize(
    ("headers", "origin"),
    [
        ({}, SELF),
        ({"origin": "http://127.0.0.1:5005", "host": "127.0.0.1:5005"}, SELF),
        ({"origin": "https://portal.gov.br", "host": "chat.gov.br"}, "https://portal.gov.br"),
        ({"origin": "https://outro.gov.br", "host": "chat.gov.br"}, None),
        ({"origin": "https://portal.gov.br.mau.com", "host": "chat.gov.br"}, None),
        ({"origin": "http://portal.gov.br", "host": "chat.gov.br"}, None),
        ({"origin": "https://portal.gov.br:8443", "host": "chat.gov.br"}, None),
        ({"origin": "null", "host": "null"}, None),
        ({"origin": "", "host": ""}, None),
        ({"origin": "http://127.0.0.1:5006", "host": "127.0.0.1:5005"}, None),
    ],
)
def test_an_origin_is_compared_whole(headers, origin):
    assert ORIGINS.of(headers) == origin


def test_only_the_origin_that_asks_is_named():
    assert ORIGINS.headers("https://portal.gov.br")["Access-Control-Allow-Origin"] == "https://portal.gov.br"
    assert "Access-Control-Allow-Origin" not in ORIGINS.headers(None)
    assert "Access-Control-Allow-Origin" not in ORIGINS.headers(SELF)
