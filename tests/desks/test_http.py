"""The HTTP client under the adapters, against a server that answers what a path asks for."""

from __future__ import annotations

import datetime
import email.utils
import ipaddress
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from penbot.serving.supervisor import free_port
from penbot.ticketing.desk import (
    Ambiguous,
    AuthFailed,
    Forbidden,
    NotFound,
    ProtocolError,
    RateLimited,
    Rejected,
    Unavailable,
)
from penbot.ticketing.desks.http import Client

SECRET = {"Authorization": "token muito-secreto"}
ANSWERS = {
    "/ok": (200, {"Set-Cookie": "a=b"}, b'{"id": 7}'),
    "/login": (200, {"Content-Type": "text/html"}, b"<form>senha</form>"),
    "/big": (200, {}, b" " * 10_000_001),
    "/moved": (302, {"Location": "/ok"}, b""),
    "/away": (302, {"Location": "http://127.0.0.2:1/ok"}, b""),
    "/nowhere": (302, {}, b""),
    "/nonsense": (302, {"Location": "http://[:x"}, b""),
    "/loop": (302, {"Location": "/loop"}, b""),
}


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.command, self.path, dict(self.headers)))
        path = self.path.removeprefix("http://chamados.invalid")
        status, headers, body = self.server.answers.get(path) or (int(path[1:]), {}, b"ana@orgao.gov.br")
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.seen, server.answers = [], dict(ANSWERS)
        server.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def client(server):
    return Client(server.url, timeout=(5, 20))


def get(client, path):
    return client.send("GET", path, headers=SECRET)


def post(client, path):
    return client.send("POST", path, headers=SECRET, json={"texto": "ana@orgao.gov.br"})


@pytest.mark.parametrize("url", ["", "chamados.orgao.gov.br", "ftp://chamados", "http://"])
def test_what_is_no_address_is_told_at_once(url):
    with pytest.raises(ValueError, match="deve ser como https://"):
        Client(url)


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, Rejected), (401, AuthFailed), (403, Forbidden), (404, NotFound), (413, Rejected), (422, Rejected)],
)
def test_a_refusal_is_told_by_its_number_and_never_by_its_text(client, status, error):
    reply = post(client, f"/{status}")

    with pytest.raises(error, match=f"^POST /{status}: o servidor recusou \\({status}\\)$"):
        reply.accepted()


@pytest.mark.parametrize("status", [408, 503])
def test_a_server_that_did_not_get_to_it_has_done_nothing(client, status):
    with pytest.raises(Unavailable):
        post(client, f"/{status}")


@pytest.mark.parametrize(
    ("retry_after", "seconds"), [("120", 120), (None, 1), ("logo", 1), ("-5", 1), ("Wed, 25 Nov 2020 10:00:00 GMT", 1)]
)
def test_how_long_to_wait_is_what_the_server_says_if_it_makes_sense(client, server, retry_after, seconds):
    server.answers["/limit"] = (429, {"Retry-After": retry_after} if retry_after else {}, b"")

    with pytest.raises(RateLimited) as caught:
        post(client, "/limit")

    assert caught.value.retry_after == seconds


def test_how_long_to_wait_may_be_a_moment(client, server):
    moment = email.utils.formatdate(time.time() + 3600, usegmt=True)
    server.answers["/limit"] = (429, {"Retry-After": moment}, b"")

    with pytest.raises(RateLimited) as caught:
        post(client, "/limit")

    assert 3000 < caught.value.retry_after <= 3600


def test_an_answer_that_is_no_json_leaves_a_write_unclear(client):
    with pytest.raises(ProtocolError):
        get(client, "/login").json()
    with pytest.raises(Ambiguous):
        post(client, "/login").json()


def test_an_answer_without_end_is_not_read_to_its_end(client):
    with pytest.raises(ProtocolError):
        get(client, "/big")
    with pytest.raises(Ambiguous):
        post(client, "/big")


def test_a_reading_may_be_redirected_on_the_same_host(client, server):
    assert get(client, "/moved").json() == {"id": 7}
    assert all(headers["Authorization"] == SECRET["Authorization"] for _, _, headers in server.seen)


@pytest.mark.parametrize("path", ["/away", "/nowhere", "/nonsense", "/loop"])
def test_a_reading_is_not_redirected_elsewhere_or_without_end(client, path):
    with pytest.raises(ProtocolError):
        get(client, path)


def test_a_write_is_never_redirected(client, server):
    with pytest.raises(ProtocolError):
        post(client, "/moved")
    assert [path for _, path, _ in server.seen] == ["/moved"]


def test_no_cookie_and_no_password_of_the_machine_is_sent(client, server, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login outro password outra\n")
    monkeypatch.setenv("NETRC", str(netrc))

    get(client, "/ok")
    get(client, "/ok")

    assert all(headers["Authorization"] == SECRET["Authorization"] for _, _, headers in server.seen)
    assert not any("Cookie" in headers for _, _, headers in server.seen)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_never_reached_through_a_proxy(server, monkeypatch, host):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")

    assert get(Client(f"http://{host}:{server.server_port}"), "/ok").status == 200


def test_other_machines_are_reached_through_the_offices_proxy(server, monkeypatch):
    monkeypatch.setenv("http_proxy", server.url)

    assert get(Client("http://chamados.invalid"), "/ok").status == 200


def test_a_proxy_that_is_down_means_that_nothing_was_done(monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")

    with pytest.raises(Unavailable):
        post(Client("http://chamados.invalid"), "/ok")


def test_a_credential_that_is_none_is_not_sent_and_not_shown(client, server):
    with pytest.raises(AuthFailed) as caught:
        client.send("GET", "/ok", headers={"Authorization": "token secreto\nX: y"})

    assert "secreto" not in str(caught.value)
    assert server.seen == []


@pytest.fixture
def tls(server, tmp_path):
    """The server with a certificate that only the returned file vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), now, now + datetime.timedelta(days=1)
        )
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    bundle, private = tmp_path / "ca.pem", tmp_path / "chave.pem"
    bundle.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(bundle, private)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.url = server.url.replace("http:", "https:")
    return bundle


def test_a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_sent(server, tls):
    with pytest.raises(Unavailable, match="SSLCertVerificationError"):
        post(Client(server.url), "/ok")

    assert server.seen == []


def test_an_organs_own_authority_can_vouch_for_it(server, tls, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tls))

    assert post(Client(server.url), "/ok").status == 200


def test_a_list_of_authorities_that_is_not_there_is_told(server, tls, monkeypatch, tmp_path):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "nao_existe.pem"))

    with pytest.raises(Unavailable):
        get(Client(server.url), "/ok")
