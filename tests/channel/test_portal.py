"""The channel as it runs: the real assistant, over HTTP."""

import base64
import json
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from penbot.channel.session import Sessions
from tests.portal import ALLOWED, Client

PATHS = [("POST", "message"), ("GET", "history"), ("POST", "attachment"), ("POST", "feedback"), ("DELETE", "session")]


@pytest.fixture
def ana(portal):
    return Client(portal.address).begin()


def test_a_session_comes_with_what_is_shown_first(portal):
    told = Client(portal.address).call("POST", "session").json()

    assert "robô" in told["welcome"]
    assert "CPF" in told["privacy"]
    assert told["suggestions"]
    assert told["expires_in"] > 0


def test_a_question_is_answered_in_lines_with_an_end(ana):
    answer, end = ana.lines({"number": 1, "text": "o que é o NUP?"})

    assert answer["custom"]["id"] == "nup.o_que_e"
    assert end == {"type": "end", "status": "done"}


def test_a_button_works_in_its_own_field_only(ana):
    asked = ana.say("o que é o SEI?")
    payload = asked[0]["buttons"][0]["payload"]

    assert ana.say(payload)[0]["custom"]["type"] == "fallback"
    assert ana.press("Quem pode usar", asked)[0]["custom"]["id"] == "sei.disponivel_para"


@pytest.mark.parametrize("payload", ["/restart", '/abrir_chamado{"produto": "sei"}', "/negar~assinado", ""])
def test_a_payload_that_was_not_offered_is_refused(ana, payload):
    answer = ana.post({"number": 1, "payload": payload})

    assert answer.status_code == 400
    assert answer.json()["erro"].startswith("Este botão não vale mais")


def test_a_button_of_another_conversation_is_refused(portal, ana):
    payload = Client(portal.address).begin().say("o que é o SEI?")[0]["buttons"][0]["payload"]

    assert ana.post({"number": 1, "payload": payload}).status_code == 400


def test_the_same_number_again_gets_the_same_lines(ana):
    first = ana.lines({"number": 1, "text": "o que é o SEI?"})

    assert ana.lines({"number": 1, "text": "o que é o SEI?"}) == first
    assert len(ana.items()) == 2


def test_history_gives_the_conversation_back_as_it_was_seen(ana):
    asked = ana.say("o que é o SEI?")
    ana.press("Quem pode usar", asked)

    told = ana.items()
    assert [item["who"] for item in told] == ["user", "bot", "user", "bot"]
    assert [item["text"] for item in told if item["who"] == "user"] == ["o que é o SEI?", "Quem pode usar"]
    assert told[1]["id"] == "1-0"
    assert told[1]["buttons"] == asked[0]["buttons"]
    assert ana.call("GET", "history").json()["next"] == 3


def test_an_ended_conversation_is_gone_everywhere(portal, ana):
    ana.say("meu segredo é abacaxi")
    ana.attach("a.txt", b"texto")
    ana.call("POST", "feedback", json={"subject": "conversation", "value": "5"})
    conversation = conversation_of(portal, ana)

    assert ana.call("DELETE", "session").status_code == 200
    home = portal.settings.home
    assert ana.call("GET", "history").status_code == 401
    assert not (home / "anexos" / conversation).exists()
    with sqlite3.connect(home / "conversas.db") as db:
        assert db.execute("select count(*) from events where sender_id = ?", (conversation,)).fetchone() == (0,)
    with sqlite3.connect(home / "portal.db") as db:
        assert db.execute("select count(*) from feedback where conversation = ?", (conversation,)).fetchone() == (0,)


def conversation_of(portal, client):
    token = client.http.headers["Authorization"].removeprefix("Bearer ")
    return Sessions.at(portal.settings.home).read(token).conversation


def test_ratings_are_kept_and_a_second_thought_replaces_the_first(portal, ana):
    ana.say("o que é o SEI?")
    for value in ("up", "down"):
        assert ana.call("POST", "feedback", json={"subject": "1-0", "value": value}).status_code == 204

    with sqlite3.connect(portal.settings.home / "portal.db") as db:
        rows = db.execute(
            "select subject, value from feedback where conversation = ?", (conversation_of(portal, ana),)
        ).fetchall()
    assert rows == [("1-0", "down")]


def test_attachments_come_back_in_history_and_can_be_removed(ana):
    kept = ana.attach("relatório <1>.log", b"linha\n").json()

    assert kept["name"] == "relatório _1.log"
    assert [(item["who"], item["name"]) for item in ana.items()] == [("file", "relatório _1.log")]
    assert ana.call("DELETE", f"attachment/{kept['id']}").status_code == 204
    assert ana.items() == []
    assert ana.call("DELETE", f"attachment/{kept['id']}").status_code == 404


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"number": 1, "text": "a" * 2001}, "2.000 caracteres"),
        ({"number": 1, "text": " \n "}, "Escreva uma mensagem"),
        ({"number": 0, "text": "oi"}, "Não consegui ler"),
        ({"number": True, "text": "oi"}, "Não consegui ler"),
        ({"number": 1, "text": "oi", "payload": "/negar"}, "Não consegui ler"),
        ({"number": 1}, "Não consegui ler"),
        ([], "Não consegui ler"),
    ],
)
def test_what_cannot_be_read_is_refused_politely(ana, body, sentence):
    answer = ana.post(body)

    assert answer.status_code == 400
    assert sentence in answer.json()["erro"]


def test_2000_characters_are_read(ana):
    assert ana.say("o que é o SEI? " + "a" * 1985)


def test_a_file_over_the_limit_is_refused_politely(ana):
    for size in (5 * 1024 * 1024 + 1, 8 * 1024 * 1024):
        answer = ana.attach("grande.log", b"a" * size)
        assert answer.status_code == 413
        assert "5 MB" in answer.json()["erro"]


def test_twenty_messages_a_minute_a_session(ana):
    for n in range(20):
        assert ana.post({"number": n + 1, "text": "oi"}).status_code == 200
    answer = ana.post({"number": 21, "text": "oi"})

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 61
    assert "Espere" in answer.json()["erro"]


def test_sixty_messages_a_minute_an_address(portal):
    clients = [Client(portal.address) for _ in range(4)]
    for client in clients:
        client.http.headers["X-Forwarded-For"] = clients[0].http.headers["X-Forwarded-For"]
        client.begin()
    statuses = [client.post({"number": n, "text": "oi"}).status_code for n in range(1, 17) for client in clients]

    assert statuses == [200] * 60 + [429] * 4


def test_sixty_sessions_a_minute_an_address(portal):
    client = Client(portal.address)
    statuses = [client.call("POST", "session").status_code for _ in range(61)]

    assert statuses[:60] == [200] * 60
    assert statuses[60] == 429


# --- origins -----------------------------------------------------------------


def test_an_allowed_site_is_told_so_and_no_other(portal):
    allowed, other = Client(portal.address, ALLOWED), Client(portal.address, "https://outro.gov.br")

    answer = allowed.call("POST", "session")
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED
    assert "Access-Control-Allow-Credentials" not in answer.headers
    refused = other.call("POST", "session")
    assert refused.status_code == 403
    assert "Access-Control-Allow-Origin" not in refused.headers


def test_preflights_are_answered_for_allowed_sites_only(portal):
    answer = Client(portal.address, ALLOWED).call("OPTIONS", "message")
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"]

    refused = Client(portal.address, "https://outro.gov.br").call("OPTIONS", "message")
    assert refused.status_code == 403
    assert not any(name.startswith("Access-Control-Allow") for name in refused.headers)


def test_a_session_of_one_site_does_not_work_on_another(portal):
    client = Client(portal.address, ALLOWED).begin()
    assert client.call("GET", "history").status_code == 200

    for origin in ("https://outro.gov.br", portal.address):
        client.http.headers["Origin"] = origin
        assert client.call("GET", "history").status_code in (401, 403)
    del client.http.headers["Origin"]
    assert client.call("GET", "history").status_code == 401


def test_every_answer_has_the_security_headers(ana):
    for method, path in PATHS[:4]:
        headers = ana.call(method, path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "no-store" in headers["Cache-Control"]
        assert headers["Vary"] == "Origin"


# --- hostile clients ---------------------------------------------------------


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer x", "Basic YTpi", f"Bearer {'.' * 50}", f"Bearer {'a' * 3000}"],
    ids=["none", "empty", "short", "basic", "dots", "long"],
)
def test_without_a_good_token_nothing_is_told(portal, method, path, authorization):
    client = Client(portal.address)
    client.http.headers["Authorization"] = authorization
    answer = client.call(method, path)

    assert answer.status_code == 401
    assert set(answer.json()) == {"erro"}


def test_a_forged_and_an_expired_token_are_refused(portal):
    client = Client(portal.address)
    real = client.call("POST", "session").json()["token"]
    body, rest = real.split(".", 1)
    padded = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    forged = base64.urlsafe_b64encode(json.dumps(["0" * 32, padded[1]]).encode()).decode().rstrip("=")
    old = minted_long_ago(Sessions.at(portal.settings.home))
    for token in (f"{forged}.{rest}", Sessions(b"outra chave").mint("self"), old):
        client.http.headers["Authorization"] = f"Bearer {token}"
        assert client.call("GET", "history").status_code == 401


def minted_long_ago(sessions):
    """Signed with the true key, in 2001."""
    signer = sessions._serializer.make_signer(sessions._serializer.salt)
    signer.get_timestamp = lambda: 1_000_000_000
    return signer.sign(sessions._serializer.dump_payload(["0" * 32, "self"])).decode()


def test_nobody_reads_writes_or_ends_the_conversation_of_another(portal, ana):
    ana.say("o que é o SEI?")
    kept = ana.attach("a.txt", b"segredo").json()
    bia = Client(portal.address).begin()

    assert bia.items() == []
    assert bia.call("DELETE", f"attachment/{kept['id']}").status_code == 404
    bia.call("DELETE", "session")
    assert len(ana.items()) == 3


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
BODIES = st.one_of(
    st.binary(max_size=300),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries(
        {"number": JSON | st.integers(-5, 5)}, optional={"text": JSON, "payload": JSON, "subject": JSON, "value": JSON}
    ).map(lambda value: json.dumps(value).encode()),
    st.just(b"[" * 60_000),
    st.just(b'{"number": 1e999, "text": "oi"}'),
    st.just(b'{"number": 1, "text": "\\ud800"}'),
    st.just(b"{" + b'"a":1,' * 20_000 + b'"b":1}'),
)
SLOW = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=120, **SLOW)
@given(
    body=BODIES, place=st.sampled_from(PATHS[:4]), type_=st.sampled_from(["application/json", "text/plain", "x/y", ""])
)
def test_whatever_is_sent_is_answered_or_refused_in_a_sentence(portal, body, place, type_):
    client = Client(portal.address).begin()
    answer = client.call(*place, data=body, headers={"Content-Type": type_})

    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert set(answer.json()) == {"erro"}
        assert "Traceback" not in answer.text


@settings(max_examples=60, **SLOW)
@given(text=st.text(max_size=300))
def test_whatever_is_typed_gets_an_answer(portal, text):
    answer = Client(portal.address).begin().post({"number": 1, "text": text})

    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert json.loads(answer.text.splitlines()[-1]) == {"type": "end", "status": "done"}


@settings(max_examples=60, **SLOW)
@given(name=st.text(max_size=200), id_=st.text(max_size=40))
def test_whatever_a_file_is_called_nothing_else_is_touched(portal, name, id_):
    client = Client(portal.address).begin()

    assert client.attach(name, b"texto").status_code in (201, 400)
    path = "attachment/" + json.dumps(id_)[1:-1].replace("/", "%2F").replace("\\", "%5C").replace("?", "%3F")
    assert client.call("DELETE", path).status_code < 500
