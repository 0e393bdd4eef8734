"""Request Tracker 5 as desk. A product is the queue of that name; the key is a custom field.

RT says that all went well where it did not: it drops the values and the people it does not take, and
answers 200 to a change that it refuses. So what it would drop is found before a write, and what it
should have changed is read afterwards.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from penbot.ticketing.as_text import LABELS
from penbot.ticketing.desk import (
    KEY,
    Ambiguous,
    File,
    Forbidden,
    NotFound,
    ProtocolError,
    Ref,
    Rejected,
    Status,
    Ticket,
    View,
)
from penbot.ticketing.desks.http import TIMEOUT, after_a_write
from penbot.ticketing.desks.plain import ascii_name, from_html, one_line, plain, shortened
from penbot.ticketing.desks.rt_api import Row, RtApi, as_documented
from penbot.ticketing.desks.rt_queues import FIELDS, Queues

STATUS = {
    "new": Status.OPEN,
    "open": Status.TRIAGE,
    "stalled": Status.WAITING,
    "resolved": Status.CLOSED,
    "rejected": Status.CLOSED,
    "deleted": Status.CLOSED,
}
"""RT's own statuses. It has none for the specialists: where a status was created for them, add it here
as Status.SPECIALIST; until then a ticket in it reads as Status.UNKNOWN."""

_LONGEST_SUBJECT = 200  # bytes: RT cuts what is longer
_LONGEST_EMAIL = 120  # RT's column
_EMAIL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@([a-z0-9-]+\.)+[a-z0-9-]+", re.A | re.I)
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


class RtDesk:
    """See `penbot.ticketing.desk.Desk`. Safe in several threads."""

    name = "rt"

    def __init__(
        self,
        url: str,
        token: str,
        *,
        products: Collection[str],
        spheres: Collection[str],
        support_types: Collection[str],
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        """`url`: where people open RT. The ids: those a ticket may have. Raises ValueError for no address."""
        self._url = url.strip().rstrip("/").removesuffix("/REST/2.0")
        self._api = RtApi(self._url, token, timeout)
        self._queues = Queues(self._api)
        self._ids = {"product": products, "sphere": spheres, "support_type": support_types}

    def check(self) -> None:
        """A call for each queue and each field: for a command or a start, not for every second."""
        self._api.record("/rt")
        _expect_nothing(self._queues.lacking_in(self._ids["product"], self._ids))

    def find(self, key: str) -> tuple[Ref, ...]:
        """Of tickets that were merged, the one that stays. RT never finds a ticket in status 'deleted'."""
        if not KEY.fullmatch(key):
            raise Rejected("esta chave não pode ir numa busca", ("key",))
        # without a word about EffectiveId, RT leaves out what was merged into a ticket without our key
        query = f"'CF.{{{FIELDS['key']}}}' = '{key}' AND EffectiveId > 0"
        rows = self._api.rows("/tickets", {"query": query, "fields": "EffectiveId,CustomFields", "orderby": "id"})
        with as_documented():
            ids = {int(row["EffectiveId"]) for row in rows if _field(row, "key") == key}
        return tuple(self._ref(id_) for id_ in sorted(ids))

    def create(self, ticket: Ticket) -> Ref:
        self._expect_sound(ticket)
        subject = one_line(ticket.subject)
        values = {
            "Queue": ticket.product,
            "Subject": shortened(subject, _LONGEST_SUBJECT),
            "Requestor": ticket.requester_email,
            "CustomFields": {field: getattr(ticket, name) for name, field in FIELDS.items()},
            **_message(_content(ticket), ticket.files),
        }
        answer = self._api.create("/ticket", values)
        if not str(answer.get("id")).isdecimal():
            raise Ambiguous("o RT não disse o número do chamado que abriu")
        return self._ref(answer["id"])

    def read(self, ref: Ref) -> View:
        row = self._row(ref)
        status = _status(row)
        with as_documented():
            ours = {str(user["id"]) for user in (*row["Requestor"], row["Creator"])}
            closed_at = _time(row["Resolved"]) if status is Status.CLOSED else None
            return View(
                ref=self._ref(row["id"]),
                status=status,
                raw_status=str(row["Status"]),
                key=_field(row, "key"),
                product=_field(row, "product"),
                sphere=_field(row, "sphere"),
                support_type=_field(row, "support_type"),
                requester_email=self._requester(row),
                subject=str(row["Subject"] or ""),
                updated_at=_time(row["LastUpdated"]),
                closed_at=closed_at,
                reply=self._reply(str(row["id"]), ours),
            )

    def comment(self, ref: Ref, text: str, *, public: bool = True, files: Sequence[File] = ()) -> None:
        faults = [name for name, well in (("text", plain(text).strip()), ("files", _whole(files))) if not well]
        if faults:
            raise Rejected(f"a mensagem não pode ser enviada assim; confira: {', '.join(faults)}", tuple(faults))
        row = self._row(ref)
        if public and _status(row) is Status.CLOSED:  # to RT a public answer opens the ticket again
            raise Rejected("o chamado está encerrado: só recebe mensagens depois de reaberto", ("status",))
        kind = "correspond" if public else "comment"
        self._api.change("POST", f"/ticket/{row['id']}/{kind}", _message(text, files))

    def reopen(self, ref: Ref, why: str) -> None:
        status = _status(self._row(ref))
        if status is Status.UNKNOWN:
            raise Rejected("o chamado está num status que não conhecemos", ("status",))
        if status is not Status.CLOSED:
            return
        self._api.change("POST", f"/ticket/{ref.id}/correspond", {**_message(why), "Status": "open"})
        with after_a_write():
            if _status(self._row(ref)) is Status.CLOSED:
                raise Rejected("o RT não reabriu o chamado", ("status",))

    def merge(self, younger: Ref, into: Ref) -> None:
        """RT makes one ticket of two: the younger one's number then leads to the other."""
        self._api.change("PUT", f"/ticket/{_id(younger)}", {"MergeInto": _id(into)})
        with after_a_write():
            if self._row(younger)["id"] != self._row(into)["id"]:
                raise Rejected("o RT não juntou os chamados repetidos")

    def _expect_sound(self, ticket: Ticket) -> None:
        """Raises what RT would not tell: Rejected for a fault of the ticket, Forbidden for one of RT's set-up."""
        faults = _faults(ticket) + [name for name, ids in self._ids.items() if getattr(ticket, name) not in ids]
        if faults:
            raise Rejected(f"o chamado não pode ser aberto assim; confira: {', '.join(faults)}", tuple(faults))
        _expect_nothing(self._queues.lacking(ticket.product, {name: (getattr(ticket, name),) for name in self._ids}))

    def _row(self, ref: Ref) -> Row:
        """A ticket; of one that was merged, the ticket that stays."""
        row = self._api.record(f"/ticket/{_id(ref)}")
        if not str(row.get("id")).isdecimal() or not isinstance(row.get("Status"), str):
            raise ProtocolError("o RT respondeu a um pedido de chamado com outra coisa")
        return row

    def _ref(self, id_: object) -> Ref:
        return Ref(str(id_), str(id_), f"{self._url}/Ticket/Display.html?id={id_}")

    def _requester(self, row: Row) -> str:
        """The requester's address: a user's name in RT is often the address, but not always."""
        query = {"query": f"id = {row['id']}", "fields": "Requestor", "fields[Requestor]": "EmailAddress"}
        found = self._api.rows("/tickets", query) or [row]  # a deleted ticket is in no search
        users = found[0]["Requestor"]
        return str(users[0].get("EmailAddress") or users[0]["id"]) if users else ""

    def _reply(self, id_: str, ours: Collection[str]) -> str:
        order = {"orderby": "id", "order": "DESC"}
        history = self._api.rows(f"/ticket/{id_}/history", {"fields": "Type,Creator", **order})
        said = [row["id"] for row in history if row["Type"] == "Correspond" and row["Creator"]["id"] not in ours]
        if not said:
            return ""
        parts = self._api.rows(f"/transaction/{said[0]}/attachments", {"fields": "ContentType,Content,Filename"})
        texts = {str(part["ContentType"]): str(part["Content"]) for part in reversed(parts) if not part["Filename"]}
        return (texts.get("text/plain") or from_html(texts.get("text/html", ""))).strip()


def _expect_nothing(lacking: Sequence[str]) -> None:
    if lacking:
        raise Forbidden(f"falta no Request Tracker, ou o usuário do token não vê: {'; '.join(lacking)}")


def _faults(ticket: Ticket) -> list[str]:
    """The fields that are wrong whatever the RT: in the words of `Ticket`."""
    sound = {
        "key": KEY.fullmatch(ticket.key),
        "subject": one_line(ticket.subject),
        "body": plain(ticket.body).strip(),
        "requester_email": len(ticket.requester_email) <= _LONGEST_EMAIL and _EMAIL.fullmatch(ticket.requester_email),
        "files": _whole(ticket.files),
    }
    return [name for name, well in sound.items() if not well]


def _whole(files: Sequence[File]) -> bool:
    """RT refuses empty files."""
    return all(file.content for file in files)


def _content(ticket: Ticket) -> str:
    """The first message: who and which protocol, then the body. A subject that RT cuts stands here whole."""
    subject = one_line(ticket.subject)
    lines = [f"{LABELS['requester']}: {one_line(ticket.requester_name)} <{ticket.requester_email}>"]
    lines.append(f"{LABELS['protocol']}: {one_line(ticket.protocol)}")
    if len(subject.encode()) > _LONGEST_SUBJECT:
        lines.append(f"{LABELS['subject']}: {subject}")
    return "\n".join([*lines, "", ticket.body])


def _message(text: str, files: Sequence[File] = ()) -> dict[str, Any]:
    attachments = [
        {
            "FileName": ascii_name(file.name),
            "FileType": file.media_type if _MEDIA_TYPE.fullmatch(file.media_type) else "application/octet-stream",
            "FileContent": b64encode(file.content).decode(),
        }
        for file in files
    ]
    message: dict[str, Any] = {"Content": plain(text), "ContentType": "text/plain"}
    return {**message, "Attachments": attachments} if attachments else message


def _id(ref: Ref) -> str:
    if not (ref.id.isascii() and ref.id.isdecimal()):
        raise NotFound(f"{ref.number or ref.id} não é o número de um chamado do RT")
    return ref.id


def _status(row: Row) -> Status:
    return STATUS.get(row["Status"], Status.UNKNOWN)


def _field(row: Row, name: str) -> str:
    values = next((field["values"] for field in row["CustomFields"] if field["name"] == FIELDS[name]), ())
    return str(values[0]) if values else ""


def _time(text: str) -> datetime | None:
    """RT's times are UTC; its 1970 means never."""
    time = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return time if time.year > 1970 else None
