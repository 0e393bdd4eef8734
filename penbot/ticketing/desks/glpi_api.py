"""GLPI's REST API (v1, `apirest.php`): one session for all threads, and what its error codes mean."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from penbot.ticketing.desk import Ambiguous, AuthFailed, DeskError, File, Forbidden, NotFound, ProtocolError, Rejected
from penbot.ticketing.desks.http import Client, Reply
from penbot.ticketing.desks.plain import ascii_name

Row = dict[str, Any]
ALL = "0-999"
"""The range of a list that is wanted whole; left out, GLPI answers the first twenty or so."""


class _Expired(AuthFailed):
    """The session is over. Nothing was done: GLPI looks at the session first."""


_MEANING: dict[str, type[DeskError]] = {
    "ERROR_SESSION_TOKEN_INVALID": _Expired,
    "ERROR_SESSION_TOKEN_MISSING": AuthFailed,
    "ERROR_GLPI_LOGIN": AuthFailed,
    "ERROR_GLPI_LOGIN_USER_TOKEN": AuthFailed,
    "ERROR_LOGIN_PARAMETERS_MISSING": AuthFailed,
    "ERROR_LOGIN_WITH_CREDENTIALS_DISABLED": AuthFailed,
    "ERROR_APP_TOKEN_PARAMETERS_MISSING": AuthFailed,
    "ERROR_WRONG_APP_TOKEN_PARAMETER": AuthFailed,
    "ERROR_NOT_ALLOWED_IP": AuthFailed,
    "ERROR_RIGHT_MISSING": Forbidden,
    "ERROR_ITEM_NOT_FOUND": NotFound,
    "ERROR_GLPI_ADD": Rejected,
    "ERROR_GLPI_PARTIAL_ADD": Rejected,
    "ERROR_GLPI_UPDATE": Rejected,
    "ERROR_GLPI_PARTIAL_UPDATE": Rejected,
}
_TOO_BIG = "ERROR_UPLOAD_FILE_TOO_BIG_POST_MAX_SIZE"


@dataclass(frozen=True, eq=False)
class _Session:
    token: str = field(repr=False)
    user: str


class GlpiApi:
    """Calls as the user of the token; `app_token`: '' if GLPI asks for none.

    Logs in by itself, and once more in a call whose session has ended.
    """

    def __init__(self, http: Client, app_token: str, user_token: str) -> None:
        self._http = http
        self._app_token = app_token
        self._user_token = user_token
        self._session: _Session | None = None
        self._lock = threading.Lock()

    @property
    def user(self) -> str:
        """The id of the user whose token it is."""
        return self._open().user

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        return self._call("GET", path, params=params)

    def rows(self, path: str) -> list[Row]:
        """A list of items, oldest first."""
        body = self.get(path, {"range": ALL})
        if not isinstance(body, list) or not all(isinstance(row, dict) for row in body):
            raise ProtocolError("o GLPI respondeu a um pedido de lista com outra coisa")
        return body

    def add(self, itemtype: str, fields: Mapping[str, Any], files: Sequence[File] = ()) -> str:
        """Exactly one write, files included; the id of what was written."""
        body = self._call("POST", f"/{itemtype}", **_payload({"input": fields}, files))
        item = body[0] if isinstance(body, list) and body else body
        id_ = item.get("id") if isinstance(item, dict) else None
        if id_ is False:
            raise Rejected(f"o GLPI recusou gravar: {itemtype}")
        if not str(id_).isdecimal():
            raise Ambiguous(f"o GLPI não disse o número do que gravou: {itemtype}")
        return str(id_)

    def update(self, itemtype: str, id_: str, fields: Mapping[str, Any]) -> None:
        """A 'yes' of GLPI does not mean that every field was taken: read back what matters."""
        body = self._call("PUT", f"/{itemtype}/{id_}", json={"input": fields})
        items = body if isinstance(body, list) else [body]
        if any(isinstance(item, dict) and item.get(id_) is False for item in items):
            raise Rejected(f"o GLPI recusou a alteração: {itemtype}")

    def _call(self, method: str, path: str, **parts: Any) -> Any:
        session = self._open()
        try:
            return self._exchange(method, path, {"Session-Token": session.token}, **parts)
        except _Expired:
            session = self._open(instead_of=session)
            return self._exchange(method, path, {"Session-Token": session.token}, **parts)

    def _open(self, instead_of: _Session | None = None) -> _Session:
        with self._lock:
            if self._session is None or self._session is instead_of:
                self._session = self._log_in()
            return self._session

    def _log_in(self) -> _Session:
        headers = {"Authorization": f"user_token {self._user_token}"}
        token = str(_at(self._exchange("GET", "/initSession", headers), "session_token"))
        full = self._exchange("GET", "/getFullSession", {"Session-Token": token})
        return _Session(token, str(_at(_at(full, "session"), "glpiID")))

    def _exchange(self, method: str, path: str, headers: dict[str, str], **parts: Any) -> Any:
        if self._app_token:
            headers["App-Token"] = self._app_token
        if "files" not in parts:  # with files, requests writes the type and its boundary
            headers["Content-Type"] = "application/json"
        return _answer(self._http.send(method, path, headers=headers, **parts))


def _payload(fields: Mapping[str, Any], files: Sequence[File]) -> dict[str, Any]:
    if not files:
        return {"json": fields}
    # A name of its own for each: of several files under one name GLPI keeps the first only.
    parts: list[tuple[str, Any]] = [("uploadManifest", (None, json.dumps(fields), "application/json"))]
    parts += [(f"file{n}[]", (ascii_name(file.name), file.content)) for n, file in enumerate(files)]
    return {"files": parts}


def _answer(reply: Reply) -> Any:
    """What GLPI answers. Its refusals are lists that begin with a code."""
    try:
        body = reply.json()
    except (ProtocolError, Ambiguous):
        if reply.status < 300:
            raise
        body = None
    if isinstance(body, list) and body and isinstance(body[0], str):
        raise _error(body[0], reply)
    if reply.status >= 300:
        raise _not_glpi(reply)
    return body


def _error(code: str, reply: Reply) -> DeskError:
    """Only the code: GLPI's own sentence may repeat what the ticket says."""
    known = code if code.startswith("ERROR") and code.isidentifier() else "um erro sem código (a API está habilitada?)"
    message = f"{reply.call}: o GLPI respondeu {known}"
    if code == _TOO_BIG:
        return Rejected(message, ("files",))
    return _MEANING.get(code, ProtocolError)(message)


def _not_glpi(reply: Reply) -> DeskError:
    """A refusal by what stands before GLPI, or at an address where GLPI is not."""
    message = f"{reply.call}: a resposta {reply.status} não é da API do GLPI; confira o endereço"
    if reply.status == 413:
        return Rejected(message, ("files",))
    return {401: AuthFailed, 403: Forbidden}.get(reply.status, ProtocolError)(message)


def _at(body: Any, name: str) -> Any:
    if not isinstance(body, dict) or not body.get(name):
        raise ProtocolError(f"a resposta do GLPI veio sem {name}")
    return body[name]
