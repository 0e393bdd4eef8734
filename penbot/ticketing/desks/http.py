"""HTTP as adapters need it: every call has a timeout, and every failure is told in the port's errors.

No message carries a credential, a query or a body: those hold secrets and people's words.
"""

from __future__ import annotations

import contextlib
import email.utils
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address
from json import JSONDecodeError, loads
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProxyError

from penbot.ticketing.desk import (
    Ambiguous,
    AuthFailed,
    DeskError,
    Forbidden,
    NotFound,
    ProtocolError,
    RateLimited,
    Rejected,
    Unavailable,
)

TIMEOUT = (5.0, 30.0)
"""Seconds to connect, and seconds of silence before an answer counts as lost."""

_LONGEST = 10_000_000  # bytes of an answer
_MOST_REDIRECTS = 3
_NEVER_SENT = (ConnectTimeoutError, NewConnectionError, ProxyError, ssl.SSLCertVerificationError)
_NOTHING_DONE = (408, 503)  # the server says itself that it did not get to it


@dataclass(frozen=True)
class Reply:
    """An answer that is for the adapter to judge: 2xx, or 4xx. `call`: like 'POST /ticket', for messages."""

    call: str
    write: bool
    status: int
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """Raises ProtocolError, or Ambiguous after a write, for what is no JSON: a login page, half an answer."""
        try:
            return loads(self.body)
        except (JSONDecodeError, UnicodeDecodeError):
            error = Ambiguous if self.write else ProtocolError
        raise error(f"{self.call}: a resposta não é JSON")

    def accepted(self) -> Reply:
        """The reply itself, if it is 2xx. Raises AuthFailed, Forbidden, NotFound or Rejected."""
        if self.status < 300:
            return self
        kinds: dict[int, type[DeskError]] = {401: AuthFailed, 403: Forbidden, 404: NotFound}
        raise kinds.get(self.status, Rejected)(f"{self.call}: o servidor recusou ({self.status})")


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Keeps requests from looking into redirects, which fails on nonsense: `Client` judges them."""


class Client:
    """Calls to one server, from any thread. Sends no cookies, no netrc; never retries."""

    def __init__(self, base_url: str, timeout: tuple[float, float] = TIMEOUT) -> None:
        """Raises ValueError if `base_url` is no address."""
        self._base = base_url.strip().rstrip("/")
        place = urlsplit(self._base)
        if place.scheme not in ("http", "https") or not place.hostname:
            raise ValueError("o endereço do sistema de chamados deve ser como https://chamados.orgao.gov.br")
        self._timeout = timeout
        # An office's proxy is for what lies beyond it, never for this machine.
        self._proxies = {"no_proxy": "*"} if _is_loopback(place.hostname) else {}
        self._local = threading.local()

    def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None = None,
        json: object = None,
        files: object = None,
    ) -> Reply:
        """One call. Anything but GET counts as a write.

        Raises Unavailable, RateLimited, ProtocolError, and Ambiguous if a write may have happened.
        """
        write = method != "GET"
        if not all(value.isascii() and value.isprintable() and value == value.strip() for value in headers.values()):
            raise AuthFailed("a credencial tem espaços ou sinais que nenhuma credencial tem")
        call, url = f"{method} {path}", self._base + path
        options = {"headers": headers, "params": params, "json": json, "files": files}
        for _ in range(_MOST_REDIRECTS + 1):
            try:
                with self._request(method, url, **options) as response:
                    target = self._target(response, call, write)
                    if not target:
                        return _reply(response, call, write)
            except OSError as err:  # requests' own, and a CA bundle that is not there
                raise _failure(err, call, write) from err
            url, options["params"] = target, None
        raise ProtocolError(f"{call}: o servidor redireciona sem fim")

    def _request(self, method: str, url: str, **options: Any) -> requests.Response:
        return self._session().request(
            method,
            url,
            timeout=self._timeout,
            allow_redirects=False,
            stream=True,
            proxies=self._proxies,
            auth=_as_it_is,
            **options,
        )

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = _Session()
            self._local.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        session: requests.Session = self._local.session
        return session

    def _target(self, response: requests.Response, call: str, write: bool) -> str:
        """Where a redirect leads, '' if it is none. Raises ProtocolError where it may not be followed."""
        if not 300 <= response.status_code < 400:
            return ""
        try:
            target = urljoin(response.url, response.headers.get("Location", ""))
            origin = _origin(target)
        except ValueError:
            raise ProtocolError(f"{call}: o servidor redireciona para o que não é um endereço") from None
        if write or origin != _origin(response.url) or not response.is_redirect:
            raise ProtocolError(f"{call}: o servidor redireciona para {origin[1]}; configure o endereço definitivo")
        return target


@contextlib.contextmanager
def after_a_write() -> Iterator[None]:
    """Around what follows a write in the same operation: 'nothing was done' is no longer true there."""
    try:
        yield
    except Unavailable as err:
        raise Ambiguous(str(err)) from err


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """As `auth`: keeps requests from putting a netrc password over the adapter's own header."""
    return request


def _is_loopback(host: str) -> bool:
    with contextlib.suppress(ValueError):
        return ip_address(host).is_loopback
    return host.lower() == "localhost"


def _origin(url: str) -> tuple[str, str | None, int | None]:
    place = urlsplit(url)
    return place.scheme, place.hostname, place.port


def _reply(response: requests.Response, call: str, write: bool) -> Reply:
    status = response.status_code
    if status == 429:
        raise RateLimited(f"{call}: chamadas demais", _seconds(response.headers.get("Retry-After")))
    if status in _NOTHING_DONE:
        raise Unavailable(f"{call}: o servidor está ocupado ({status})")
    if status >= 500:
        failed = Ambiguous if write else Unavailable
        raise failed(f"{call}: o servidor falhou ({status})")
    body = bytearray()
    for piece in response.iter_content(65536):
        body += piece
        if len(body) > _LONGEST:
            unread = Ambiguous if write else ProtocolError
            raise unread(f"{call}: a resposta passa de {_LONGEST} bytes")
    return Reply(call, write, status, bytes(body))


def _seconds(retry_after: str | None) -> float:
    """A Retry-After, which is a number or a date; 1 if there is none that makes sense."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    with contextlib.suppress(TypeError, ValueError):
        return max(1.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    return 1.0


def _failure(err: OSError, call: str, write: bool) -> DeskError:
    # requests' ValueErrors are about what it was asked to send
    if isinstance(err, ValueError) or any(isinstance(cause, _NEVER_SENT) for cause in _chain(err)):
        return Unavailable(f"{call}: não foi possível conectar ({_reason(err)})")
    if write:
        return Ambiguous(f"{call}: foi enviado, e a resposta não chegou")
    return Unavailable(f"{call}: a resposta não chegou")


def _reason(err: BaseException) -> str:
    """Why there was no connection, by the name of the innermost error: its text may hold what was sent."""
    return type(list(_chain(err))[-1]).__name__


def _chain(err: BaseException | None) -> Iterator[BaseException]:
    """An error and those inside it: requests and urllib3 wrap the one that tells."""
    while err is not None:
        yield err
        err = err.__cause__ or err.__context__
