"""A stub of GLPI's REST API v1: strict about what it is sent, and misbehaving on request.

Written from GLPI's own description of the interface and its source, not from a server that ran. It is stricter
than GLPI, which leaves out in silence most of what it does not know: unknown fields and parameters, wrong
types and foreign markup are refused here.
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import html
import json
import re
import socket
import struct
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from penbot.knowledge import Knowledge
from penbot.ticketing.desk import Ref
from penbot.ticketing.desks.glpi import GlpiDesk

APP_TOKEN, USER_TOKEN = "app-token-de-teste", "user-token-de-teste"
ASSISTANT, ANALYST = 7, 42  # user ids
KEY_OPTION = 87
LIST_LIMIT = 20  # rows of a list for which no range was asked
SPHERES = ("executivo_federal", "executivo_municipal", "outros_poderes")
SUPPORT_TYPES = ("reportar_erro", "registrar_duvida")
FILE_TYPES = ("png", "jpg", "pdf", "txt", "log", "zip")
OPTIONS = {
    "common": "Características",
    "1": {"name": "Título", "table": "glpi_tickets", "field": "name"},
    "2": {"name": "ID", "table": "glpi_tickets", "field": "id"},
    "5": {"name": "Técnico", "table": "glpi_users", "field": "name"},
    "12": {"name": "Status", "table": "glpi_tickets", "field": "status"},
    str(KEY_OPTION): {"name": "ID externo", "table": "glpi_tickets", "field": "externalid"},
}
TICKET = {
    "name": str,
    "content": str,
    "type": int,
    "itilcategories_id": int,
    "externalid": str,
    "_users_id_requester": int,
    "_users_id_requester_notif": dict,
}
FOLLOWUP = {"itemtype": str, "items_id": int, "content": str, "is_private": int}
CHANGE = {"status": int, "externalid": str}
CLOSED = 6
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # for GLPI's database or its JSON
_FOREIGN = re.compile(r"<(?!/?p>|br>)|&(?!(amp|lt|gt|quot|#x27);)")


class Refusal(Exception):
    def __init__(self, status: int, code: str, message: str = "a sentence that may repeat what was sent") -> None:
        super().__init__(code)
        self.status, self.body = status, [code, message]


@dataclass
class Fault:
    """Once, at the first call of this method whose path begins so. For `kind` see `Handler._faulty`."""

    kind: str
    method: str
    path: str


@dataclass
class Book:
    """What GLPI has. `drops`: fields of a new ticket that get lost without a word. `encoded`: texts are
    answered with their markup as entities, as GLPI 10 does; 11 does not."""

    tickets: dict[int, dict] = field(default_factory=dict)
    actors: list[dict] = field(default_factory=list)
    followups: list[dict] = field(default_factory=list)
    solutions: list[dict] = field(default_factory=list)
    documents: list[dict] = field(default_factory=list)
    categories: list[dict] = field(default_factory=list)
    sessions: set[str] = field(default_factory=set)
    logins: int = 0
    drops: set[str] = field(default_factory=set)
    encoded: bool = False
    ignores_criteria: bool = False
    page: int = 0  # at most so many rows of a search, whatever range was asked
    rights: set[str] = field(default_factory=lambda: {"Ticket", "ITILCategory", "status", "externalid"})


class GlpiStub:
    """Use as a context; it is a `Harness`, too. `calls`: what came in, like 'POST /Ticket', without logins."""

    lists = ("product", "sphere", "support_type")
    secrets = (APP_TOKEN, USER_TOKEN)

    def __init__(self, products: Iterable[str], *, encoded: bool = False) -> None:
        self.book = Book(encoded=encoded)
        self.lock = threading.RLock()
        self.faults: list[Fault] = []
        self.calls: list[str] = []
        self.over = threading.Event()
        for n, product in enumerate(products, start=11):
            self.book.categories.append({"id": n, "name": f"Produto {n}", "code": product})
        self._server = _Server(("127.0.0.1", 0), type("Bound", (Handler,), {"stub": self}))

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self._server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.address[1]}"

    def __enter__(self) -> GlpiStub:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    # --- what tests ask for -----------------------------------------------------------------------

    def desk(
        self,
        url: str = "",
        *,
        timeout: tuple[float, float] = (5, 30),
        good_credentials: bool = True,
        app_token: str = APP_TOKEN,
    ) -> GlpiDesk:
        return GlpiDesk(
            url or self.url,
            app_token,
            USER_TOKEN if good_credentials else "outro-token",
            products=[row["code"] for row in self.book.categories],
            spheres=SPHERES,
            support_types=SUPPORT_TYPES,
            timeout=timeout,
        )

    def fault(self, kind: str, method: str = "POST", path: str = "/Ticket") -> None:
        self.faults.append(Fault(kind, method, path))

    def expire_sessions(self) -> None:
        with self.lock:
            self.book.sessions.clear()

    def set_status(self, ref: Ref, status: int) -> None:
        """By an analyst."""
        with self.lock:
            self._move(self.book.tickets[int(ref.id)], status)

    def close(self, ref: Ref) -> None:
        self.set_status(ref, CLOSED)

    def reply(self, ref: Ref, text: str, *, public: bool = True, user: int = ANALYST) -> None:
        with self.lock:
            self._said(self.book.followups, int(ref.id), user, text, is_private=int(not public))

    def solve(self, ref: Ref, text: str) -> None:
        with self.lock:
            self._said(self.book.solutions, int(ref.id), ANALYST, text)
            self._move(self.book.tickets[int(ref.id)], 5)

    def said(self, ref: Ref) -> list[dict]:
        """The follow-ups of a ticket."""
        return [row for row in self.book.followups if row["items_id"] == int(ref.id)]

    def text(self, ref: Ref) -> str:
        ticket = self.book.tickets[int(ref.id)]
        markup = [ticket["content"], *(row["content"] for row in self.said(ref))]
        plain = [html.unescape(re.sub("</?p>", "\n", part.replace("<br>", "\n"))) for part in markup]
        return "\n".join([ticket["name"], *plain])

    def files(self, ref: Ref) -> dict[str, bytes]:
        said = [("ITILFollowup", row["id"]) for row in self.said(ref)]
        kept = [row for owner in [("Ticket", int(ref.id)), *said] for row in self._documents_of(*owner)]
        return {row["filename"]: row["content"].encode("latin-1") for row in kept}

    def _said(self, rows: list[dict], id_: int, user: int, text: str, **more: int) -> None:
        row = {"id": len(rows) + 1, "itemtype": "Ticket", "items_id": id_, "users_id": user}
        rows.append({**row, "content": text, "date_creation": _now(), **more})

    # --- GLPI -------------------------------------------------------------------------------------

    def log_in(self) -> dict:
        self.book.logins += 1
        token = f"session-{self.book.logins}"
        self.book.sessions.add(token)
        return {"session_token": token}

    def add_ticket(self, fields: dict, files: list[tuple[str, bytes]]) -> dict:
        _check_fields(fields, TICKET, "ERROR_GLPI_ADD")
        _check_html(fields["content"])
        known = {row["id"] for row in self.book.categories}
        notif = fields["_users_id_requester_notif"]
        if (
            not fields["name"].strip()
            or len(fields["name"]) > 255
            or fields["type"] not in (1, 2)
            or fields["itilcategories_id"] not in known
            or fields["_users_id_requester"] != 0
            or set(notif) != {"use_notification", "alternative_email"}
            or not all(isinstance(value, list) and len(value) == 1 for value in notif.values())
        ):
            raise Refusal(400, "ERROR_GLPI_ADD")
        id_ = len(self.book.tickets) + 1
        row = {"id": id_, "status": 1, "is_deleted": 0, "solvedate": None, "closedate": None, "date_mod": _now()}
        row |= {name: fields[name] for name in TICKET if not name.startswith("_")}
        for name in self.book.drops & set(row):
            row[name] = {str: "", int: 0}[type(row[name])]
        self.book.tickets[id_] = row
        address = notif["alternative_email"][0]
        if _EMAIL.fullmatch(address) and "requester" not in self.book.drops:
            actor = {"tickets_id": id_, "users_id": 0, "type": 1, "use_notification": 1, "alternative_email": address}
            self.book.actors.append({"id": len(self.book.actors) + 1, **actor})
        self._attach("Ticket", id_, files)
        return {"id": id_, "message": f"Item adicionado com sucesso: {fields['name']}"}

    def add_followup(self, fields: dict, files: list[tuple[str, bytes]]) -> dict:
        _check_fields(fields, FOLLOWUP, "ERROR_GLPI_ADD")
        _check_html(fields["content"])
        ticket = self.book.tickets.get(fields["items_id"])
        if fields["itemtype"] != "Ticket" or ticket is None or fields["is_private"] not in (0, 1):
            raise Refusal(400, "ERROR_GLPI_ADD")
        if ticket["status"] == CLOSED:
            raise Refusal(400, "ERROR_GLPI_ADD", "You don't have permission to perform this action.")
        self._said(self.book.followups, ticket["id"], ASSISTANT, fields["content"], is_private=fields["is_private"])
        id_ = self.book.followups[-1]["id"]
        self._attach("ITILFollowup", id_, files)
        return {"id": id_, "message": ""}

    def change_ticket(self, id_: int, fields: dict) -> list[dict]:
        ticket = self.book.tickets.get(id_)
        if ticket is None:
            raise Refusal(400, "ERROR_GLPI_UPDATE", "Item not found")
        if not fields or set(fields) - set(CHANGE):
            raise Refusal(400, "ERROR_GLPI_UPDATE")
        _check_fields(fields, {name: CHANGE[name] for name in fields}, "ERROR_GLPI_UPDATE")
        if "externalid" in fields and "externalid" in self.book.rights:  # without: 'true', and nothing happens
            ticket["externalid"] = fields["externalid"]
        if "status" in fields and "status" in self.book.rights:
            self._move(ticket, fields["status"])
        return [{str(id_): True, "message": ""}]

    def search(self, query: dict[str, str]) -> tuple[int, dict]:
        allowed = {"criteria[0][field]", "criteria[0][searchtype]", "criteria[0][value]", "sort", "order", "range"}
        shown = {name: value for name, value in query.items() if re.fullmatch(r"forcedisplay\[\d+\]", name)}
        if set(query) - allowed - set(shown) or query.get("criteria[0][searchtype]") != "equals":
            raise Refusal(400, "ERROR")
        option = query["criteria[0][field]"]
        if not all(number in OPTIONS and number != "common" for number in (option, *shown.values())):
            raise Refusal(400, "ERROR", "Bad field ID in search criteria")
        start, end = _range(query.get("range"))
        wanted = query["criteria[0][value]"].lower()  # the database compares without looking at case
        rows = [
            {number: row[OPTIONS[number]["field"]] for number in {"1", "2", option, *shown.values()}}
            for row in self.book.tickets.values()
            if self.book.ignores_criteria or str(row[OPTIONS[option]["field"]]).lower() == wanted
        ]
        rows.sort(key=lambda row: row[query.get("sort", "1")], reverse=query.get("order") == "DESC")
        if start > len(rows):
            raise Refusal(400, "ERROR_RANGE_EXCEED_TOTAL")
        part = rows[start : end + 1][: self.book.page or None]
        body = {"totalcount": len(rows), "count": len(part), "content-range": f"{start}-{end}/{len(rows)}"}
        return (206 if len(part) < len(rows) else 200), {**body, "data": part} if part else body

    def items(self, path: str, query: dict[str, str]) -> tuple[int, object]:
        """One item, or a list of them."""
        if match := re.fullmatch(r"/Ticket/(\d+)", path):
            if query:
                raise Refusal(400, "ERROR")
            return 200, self._shown(self._ticket(int(match[1])))
        if path == "/ITILCategory":
            if "ITILCategory" not in self.book.rights:
                raise Refusal(403, "ERROR_RIGHT_MISSING")
            rows = self.book.categories
        elif match := re.fullmatch(r"/Ticket/(\d+)/(Ticket_User|ITILFollowup|ITILSolution|Document_Item)", path):
            rows = self._of_ticket(self._ticket(int(match[1]))["id"], match[2])
        elif match := re.fullmatch(r"/ITILFollowup/(\d+)/Document_Item", path):
            rows = self._documents_of("ITILFollowup", int(match[1]))
        else:
            raise Refusal(400, "ERROR_RESOURCE_NOT_FOUND_NOR_COMMONDBTM")
        if set(query) - {"range"}:
            raise Refusal(400, "ERROR")
        start, end = _range(query.get("range"))
        if start > len(rows):
            raise Refusal(400, "ERROR_RANGE_EXCEED_TOTAL")
        part = rows[start : end + 1]
        return (206 if len(part) < len(rows) else 200), [self._shown(row) for row in part]

    def _ticket(self, id_: int) -> dict:
        if id_ not in self.book.tickets:
            raise Refusal(404, "ERROR_ITEM_NOT_FOUND")
        if "Ticket" not in self.book.rights:
            raise Refusal(403, "ERROR_RIGHT_MISSING")
        return self.book.tickets[id_]

    def _of_ticket(self, id_: int, itemtype: str) -> list[dict]:
        if itemtype == "Ticket_User":
            return [row for row in self.book.actors if row["tickets_id"] == id_]
        if itemtype == "Document_Item":
            return self._documents_of("Ticket", id_)
        rows = self.book.followups if itemtype == "ITILFollowup" else self.book.solutions
        return [row for row in rows if row["items_id"] == id_]

    def _documents_of(self, itemtype: str, id_: int) -> list[dict]:
        return [row for row in self.book.documents if (row["itemtype"], row["items_id"]) == (itemtype, id_)]

    def _attach(self, itemtype: str, id_: int, files: list[tuple[str, bytes]]) -> None:
        for name, content in files:
            if name.rpartition(".")[2] in FILE_TYPES:  # others are left out, and all is said to be well
                row = {"id": len(self.book.documents) + 1, "itemtype": itemtype, "items_id": id_}
                self.book.documents.append({**row, "filename": name, "content": content.decode("latin-1")})

    def _move(self, ticket: dict, status: int) -> None:
        ticket |= {"status": status, "date_mod": _now()}
        ticket["solvedate"] = (ticket["solvedate"] or _now()) if status in (5, CLOSED) else None
        ticket["closedate"] = _now() if status == CLOSED else None

    def _shown(self, row: dict) -> dict:
        if not self.book.encoded:
            return row
        return {name: _encoded(value) if isinstance(value, str) else value for name, value in row.items()}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64  # of five, a sixth thread would wait a second to connect


class Handler(BaseHTTPRequestHandler):
    """One call: its headers, its body, a fault if one was asked for, the answer."""

    stub: GlpiStub
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # head and body leave together: apart, each call would wait 40 ms for an acknowledgement

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._handle()

    do_POST = do_PUT = do_DELETE = do_PATCH = do_GET

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        place = urlsplit(self.path)
        path = place.path.removeprefix("/apirest.php")
        call = f"{self.command} {path}"
        if path not in ("/initSession", "/getFullSession"):
            self.stub.calls.append(call)
        with self.stub.lock:
            fault = next((f for f in self.stub.faults if f.method == self.command and path.startswith(f.path)), None)
            if fault:
                self.stub.faults.remove(fault)
        query = dict(parse_qsl(place.query, keep_blank_values=True))
        if not place.path.startswith("/apirest.php/"):
            self._send(404, "<html>Not Found</html>")
        elif fault:
            self._faulty(fault.kind, path, query, body)
        else:
            self._send(*self._answer(path, query, body))

    def _faulty(self, kind: str, path: str, query: dict[str, str], body: bytes) -> None:
        if kind == "refuses with 207":
            return self._send(207, [{"id": False, "message": "a sentence that may repeat what was sent"}])
        if kind == "is refused without a code":
            return self._send(400, ["a sentence that may repeat what was sent"])
        if kind == "is rate limited":
            return self._send(429, "<html>Too many requests</html>", {"Retry-After": "7"})
        if kind == "is a login page":
            return self._send(200, "<html>Entre com sua conta</html>")
        if kind == "is too large for the web server":
            return self._send(413, "<html>Request Entity Too Large</html>")
        if kind in ("times out before the write", "resets before the write"):
            return self._hang() if kind.startswith("times") else self._reset()
        answer = self._answer(path, query, body)
        if kind == "is delivered twice":
            self._answer(path, query, body)
            return self._send(*answer)
        if kind == "fails after the write":
            return self._send(500, ["ERROR_SQL", "a sentence that may repeat what was sent"])
        assert kind in ("times out after the write", "resets after the write"), kind
        return self._hang() if kind.startswith("times") else self._reset()

    def _hang(self) -> None:
        self.close_connection = True
        self.stub.over.wait(30)

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _answer(self, path: str, query: dict[str, str], body: bytes) -> tuple[int, object]:
        with self.stub.lock:
            try:
                self._check_headers(path, body)
                if self.command == "GET":
                    return self._get(path, query)
                if query:
                    raise Refusal(400, "ERROR")
                return self._write(path, *self._input(body))
            except Refusal as refusal:
                return refusal.status, refusal.body

    def _check_headers(self, path: str, body: bytes) -> None:
        if self.headers["App-Token"] != APP_TOKEN:
            missing = "App-Token" not in self.headers
            raise Refusal(400, "ERROR_APP_TOKEN_PARAMETERS_MISSING" if missing else "ERROR_WRONG_APP_TOKEN_PARAMETER")
        if self.command == "GET" and body:
            raise Refusal(400, "ERROR_JSON_PAYLOAD_FORBIDDEN")
        if self.command == "GET" and self.headers["Content-Type"] != "application/json":
            raise Refusal(400, "ERROR_JSON_PAYLOAD_INVALID")
        if "Cookie" in self.headers:
            raise Refusal(400, "ERROR")
        if path == "/initSession":
            if "Session-Token" in self.headers or not self.headers.get("Authorization", "").startswith("user_token "):
                raise Refusal(400, "ERROR_LOGIN_PARAMETERS_MISSING")
            if self.headers["Authorization"] != f"user_token {USER_TOKEN}":
                raise Refusal(401, "ERROR_GLPI_LOGIN_USER_TOKEN")
            return
        if "Session-Token" not in self.headers or "Authorization" in self.headers:
            raise Refusal(400, "ERROR_SESSION_TOKEN_MISSING")
        if self.headers["Session-Token"] not in self.stub.book.sessions:
            raise Refusal(401, "ERROR_SESSION_TOKEN_INVALID")

    def _get(self, path: str, query: dict[str, str]) -> tuple[int, object]:
        if path == "/initSession" and not query:
            return 200, self.stub.log_in()
        if path == "/getFullSession" and not query:
            return 200, {"session": {"glpiID": ASSISTANT, "glpiname": "assistente"}}
        if path == "/listSearchOptions/Ticket" and not query:
            return 200, OPTIONS
        if path == "/search/Ticket":
            return self.stub.search(query)
        return self.stub.items(path, query)

    def _write(self, path: str, fields: dict, files: list[tuple[str, bytes]]) -> tuple[int, object]:
        if (self.command, path) == ("POST", "/Ticket"):
            return 201, self.stub.add_ticket(fields, files)
        if (self.command, path) == ("POST", "/ITILFollowup"):
            return 201, self.stub.add_followup(fields, files)
        if self.command == "PUT" and (match := re.fullmatch(r"/Ticket/(\d+)", path)) and not files:
            return 200, self.stub.change_ticket(int(match[1]), fields)
        raise Refusal(400, "ERROR_RESOURCE_NOT_FOUND_NOR_COMMONDBTM")

    def _input(self, body: bytes) -> tuple[dict, list[tuple[str, bytes]]]:
        kind = self.headers["Content-Type"] or ""
        if kind == "application/json":
            return _input_of(body), []
        if not kind.startswith("multipart/form-data; boundary="):
            raise Refusal(400, "ERROR_JSON_PAYLOAD_INVALID")
        head = f"MIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n".encode()
        parts = list(email.message_from_bytes(head + body, policy=email.policy.HTTP).iter_parts())
        names = [part.get_param("name", header="Content-Disposition") for part in parts]
        manifest = parts[names.index("uploadManifest")] if "uploadManifest" in names else None
        if manifest is None or manifest.get_filename() or manifest.get_content_type() != "application/json":
            raise Refusal(400, "ERROR_JSON_PAYLOAD_INVALID")
        files = [
            (part.get_filename() or "", part.get_payload(decode=True))
            for part, name in zip(parts, names, strict=True)
            if part is not manifest
            and str(name).endswith("[]")
            and names.count(name) == 1  # GLPI would keep the first only
        ]
        if not files:
            raise Refusal(400, "ERROR_UPLOAD_FILE_TOO_BIG_POST_MAX_SIZE")
        if not all(name.isascii() and name for name, _ in files):
            raise Refusal(400, "ERROR")
        return _input_of(manifest.get_payload(decode=True)), files

    def _send(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        html = isinstance(body, str)
        data = body.encode() if html else json.dumps(body).encode()
        with contextlib.suppress(ConnectionError):  # who asked may have given up
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if html else "application/json; charset=UTF-8")
            self.send_header("Set-Cookie", "glpi_session=abc; path=/")
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Connection", "close" if self.close_connection else "keep-alive")
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)


@contextlib.contextmanager
def running_10(folder: Path, knowledge: Knowledge) -> Iterator[GlpiStub]:
    with GlpiStub(knowledge.products, encoded=True) as stub:
        yield stub


@contextlib.contextmanager
def running_11(folder: Path, knowledge: Knowledge) -> Iterator[GlpiStub]:
    with GlpiStub(knowledge.products) as stub:
        yield stub


def _encoded(text: str) -> str:
    return text.replace("&", "&#38;").replace("<", "&#60;").replace(">", "&#62;")


def _input_of(body: bytes) -> dict:
    try:
        payload = json.loads(body)
    except ValueError:
        raise Refusal(400, "ERROR_JSON_PAYLOAD_INVALID") from None
    if not isinstance(payload, dict) or set(payload) != {"input"} or not isinstance(payload["input"], dict):
        raise Refusal(400, "ERROR_BAD_ARRAY")
    return payload["input"]


def _check_fields(fields: dict, types: dict[str, type], code: str) -> None:
    if set(fields) != set(types) or not all(type(fields[name]) is type_ for name, type_ in types.items()):
        raise Refusal(400, code)
    if any(_UNFIT.search(value) for value in fields.values() if isinstance(value, str)):
        raise Refusal(400, code)


def _check_html(content: str) -> None:
    if not content.startswith("<p>") or _FOREIGN.search(content):
        raise Refusal(400, "ERROR_GLPI_ADD")


def _range(text: str | None) -> tuple[int, int]:
    if text is None:
        return 0, LIST_LIMIT - 1
    if not re.fullmatch(r"\d+-\d+", text):
        raise Refusal(400, "ERROR", "range must be in format : [start-end] with integers")
    start, end = text.split("-")
    return int(start), int(end)


def _now() -> str:
    return datetime.now(ZoneInfo("America/Sao_Paulo")).strftime("%Y-%m-%d %H:%M:%S")
