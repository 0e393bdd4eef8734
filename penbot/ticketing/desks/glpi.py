"""GLPI as desk, over its REST API v1 (GLPI 10 and 11). Tried against a stub only, never on a live server.

A product is a ticket category whose code (or name, where the code is empty) is the product's id. The key is
the ticket's external id. What GLPI has no field for stands at the end of the description.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from penbot.ticketing.desk import (
    KEY,
    File,
    Forbidden,
    Incomplete,
    NotFound,
    ProtocolError,
    Ref,
    Rejected,
    Status,
    Ticket,
    View,
)
from penbot.ticketing.desks import glpi_content
from penbot.ticketing.desks.glpi_api import GlpiApi, Row
from penbot.ticketing.desks.http import TIMEOUT, Client, after_a_write
from penbot.ticketing.desks.plain import from_html, one_line, plain
from penbot.ticketing.draft import ERROR

STATUS = {
    "1": Status.OPEN,
    "2": Status.TRIAGE,  # assigned
    "3": Status.TRIAGE,  # planned
    "4": Status.WAITING,
    "5": Status.CLOSED,  # solved
    "6": Status.CLOSED,
    "10": Status.WAITING,  # for an approval
}
_ASSIGNED, _CLOSED = 2, 6
_INCIDENT, _REQUEST = 1, 2
_REQUESTER = "1"  # among the parts that people have in a ticket
_ID = "2"  # the search option of a ticket's id, in every version
_LONGEST_TITLE = 255
_CLOCK = ZoneInfo("America/Sao_Paulo")  # GLPI's times carry no zone: they are its server's
_DUPLICATE = "-duplicado"  # ends the external id of a merged ticket, which is then found no more
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII | re.IGNORECASE)


class GlpiDesk:
    """See `penbot.ticketing.desk.Desk`. Safe in several threads."""

    name = "glpi"

    def __init__(
        self,
        url: str,
        app_token: str,
        user_token: str,
        *,
        products: Collection[str],
        spheres: Collection[str],
        support_types: Collection[str],
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        """`url`: where people open GLPI. The ids: those a ticket may have. Raises ValueError for no address."""
        self._url = url.strip().rstrip("/").removesuffix("/apirest.php")
        self._api = GlpiApi(Client(f"{self._url}/apirest.php", timeout), app_token, user_token)
        self._ids = {"product": products, "sphere": spheres, "support_type": support_types}
        self._categories: dict[str, str] = {}
        self._key_option = ""

    def check(self) -> None:
        self._key_option = self._look_up_key_option()
        self._categories = self._look_up_categories()
        lacking = [product for product in self._ids["product"] if product not in self._categories]
        if lacking:
            raise Forbidden(_no_category(*lacking))

    def find(self, key: str) -> tuple[Ref, ...]:
        """Of tickets that were merged, the one that stays. GLPI does not search its bin."""
        if not KEY.fullmatch(key):
            raise Rejected("esta chave não pode ir numa busca", ("key",))
        self._key_option = self._key_option or self._look_up_key_option()
        criteria = {
            "criteria[0][field]": self._key_option,
            "criteria[0][searchtype]": "equals",
            "criteria[0][value]": key,
            "forcedisplay[0]": _ID,
            "forcedisplay[1]": self._key_option,
            "sort": _ID,
            "order": "ASC",
            "range": "0-49",
        }
        rows = _found(self._api.get("/search/Ticket", criteria))
        keys = {int(row[_ID]): str(row.get(self._key_option)) for row in rows}
        if any(found.lower() != key.lower() for found in keys.values()):  # to its database, case is nothing
            raise ProtocolError("a busca do GLPI respondeu chamados com outra chave")
        return tuple(self._ref(str(id_)) for id_ in sorted(keys) if keys[id_] == key)

    def create(self, ticket: Ticket) -> Ref:
        self._expect_sound(ticket)
        fields = {
            "name": _title(ticket),
            "content": glpi_content.of_ticket(ticket),
            "type": _INCIDENT if ticket.support_type == ERROR else _REQUEST,
            "itilcategories_id": int(self._category(ticket.product)),
            "externalid": ticket.key,
            "_users_id_requester": 0,
            "_users_id_requester_notif": {"use_notification": [1], "alternative_email": [ticket.requester_email]},
        }
        ref = self._ref(self._api.add("Ticket", fields, ticket.files))
        self._expect_files("Ticket", ref.id, ticket.files, ref)
        return ref

    def read(self, ref: Ref) -> View:
        row = self._row(ref)
        status = _status(row)
        told = glpi_content.fields(str(row.get("content") or ""))
        people = self._api.rows(f"/Ticket/{ref.id}/Ticket_User")
        requesters = [person for person in people if str(person.get("type")) == _REQUESTER]
        return View(
            ref=self._ref(ref.id),
            status=status,
            raw_status=str(row["status"]),
            key=str(row.get("externalid") or ""),
            product=self._product(str(row.get("itilcategories_id"))),
            sphere=told.get("sphere", ""),
            support_type=told.get("support_type", ""),
            requester_email=next((str(p["alternative_email"]) for p in requesters if p.get("alternative_email")), ""),
            subject=glpi_content.decoded(str(row.get("name") or "")).removeprefix(f"[{told.get('protocol')}] "),
            updated_at=_time(row.get("date_mod")),
            closed_at=_time(row.get("closedate") or row.get("solvedate")) if status is Status.CLOSED else None,
            reply=self._reply(ref, {str(person.get("users_id")) for person in requesters}),
        )

    def comment(self, ref: Ref, text: str, *, public: bool = True, files: Sequence[File] = ()) -> None:
        faults = [name for name, well in (("text", plain(text).strip()), ("files", _whole(files))) if not well]
        if faults:
            raise Rejected(f"a mensagem não pode ser enviada assim; confira: {', '.join(faults)}", tuple(faults))
        if _status(self._row(ref)) is Status.CLOSED:
            raise Rejected("o chamado está encerrado: só recebe mensagens depois de reaberto", ("status",))
        self._say(ref, text, public=public, files=files)

    def reopen(self, ref: Ref, why: str) -> None:
        status = _status(self._row(ref))
        if status is Status.UNKNOWN:
            raise Rejected("o chamado está num status que não conhecemos", ("status",))
        if status is not Status.CLOSED:
            return
        self._api.update("Ticket", ref.id, {"status": _ASSIGNED})
        with after_a_write():
            if _status(self._row(ref)) is Status.CLOSED:
                raise Rejected("o GLPI não reabriu o chamado", ("status",))
            self._say(ref, why)

    def merge(self, younger: Ref, into: Ref) -> None:
        """The younger one is closed with a word about the other, and its external id gets an ending."""
        row, _ = self._row(younger), self._row(into)
        key = str(row.get("externalid") or "")
        if key.endswith(_DUPLICATE):
            return
        if _status(row) is not Status.CLOSED:
            self._say(younger, f"Este chamado foi aberto em duplicidade. O atendimento segue no chamado {into.number}.")
        with after_a_write():
            self._api.update("Ticket", younger.id, {"status": _CLOSED, "externalid": f"{key}{_DUPLICATE}"})
            row = self._row(younger)
            if _status(row) is not Status.CLOSED or row.get("externalid") == key:
                raise Forbidden("o GLPI não encerrou o chamado repetido; confira o perfil do usuário da API")

    def _expect_sound(self, ticket: Ticket) -> None:
        """Raises Rejected for what GLPI would refuse, or leave out in silence."""
        sound = {
            "key": KEY.fullmatch(ticket.key),
            "subject": one_line(ticket.subject) and len(_title(ticket)) <= _LONGEST_TITLE,
            "body": plain(ticket.body).strip(),
            "requester_email": _EMAIL.fullmatch(ticket.requester_email),
            "files": _whole(ticket.files),
            **{name: getattr(ticket, name) in ids for name, ids in self._ids.items()},
        }
        faults = tuple(name for name, well in sound.items() if not well)
        if faults:
            raise Rejected(f"o chamado não pode ser aberto assim; confira: {', '.join(faults)}", faults)

    def _row(self, ref: Ref) -> Row:
        if not (ref.id.isascii() and ref.id.isdecimal()):
            raise NotFound(f"{ref.number or ref.id} não é o número de um chamado do GLPI")
        row = self._api.get(f"/Ticket/{ref.id}")
        if not isinstance(row, dict) or "status" not in row:
            raise ProtocolError("o GLPI respondeu a um pedido de chamado com outra coisa")
        if _is_set(row.get("is_deleted")):
            raise NotFound(f"o chamado {ref.number} está na lixeira do GLPI")
        return row

    def _ref(self, id_: str) -> Ref:
        return Ref(id_, id_, f"{self._url}/front/ticket.form.php?id={id_}")

    def _say(self, ref: Ref, text: str, *, public: bool = True, files: Sequence[File] = ()) -> None:
        fields = {
            "itemtype": "Ticket",
            "items_id": int(ref.id),
            "content": glpi_content.to_html(text),
            "is_private": 0 if public else 1,
        }
        id_ = self._api.add("ITILFollowup", fields, files)
        self._expect_files("ITILFollowup", id_, files, ref)

    def _expect_files(self, itemtype: str, id_: str, files: Sequence[File], ref: Ref) -> None:
        """GLPI leaves out files of a kind that it does not allow, and says that all went well."""
        if not files:
            return
        with after_a_write():
            kept = self._api.rows(f"/{itemtype}/{id_}/Document_Item")
        if len(kept) < len(files):
            raise Incomplete(ref, ("files",))

    def _reply(self, ref: Ref, requesters: set[str]) -> str:
        """The last words of the staff: a public follow-up, or the solution."""
        said = [row for row in self._api.rows(f"/Ticket/{ref.id}/ITILFollowup") if not _is_set(row.get("is_private"))]
        said += self._api.rows(f"/Ticket/{ref.id}/ITILSolution")
        others = {self._api.user, "0", *requesters}  # 0: by e-mail, from somebody without an account
        said = [row for row in said if str(row.get("users_id")) not in others]
        said.sort(key=lambda row: str(row.get("date_creation")))
        return from_html(glpi_content.decoded(str(said[-1].get("content") or ""))) if said else ""

    def _category(self, product: str) -> str:
        if product not in self._categories:
            self._categories = self._look_up_categories()
        if product not in self._categories:
            raise Forbidden(_no_category(product))
        return self._categories[product]

    def _product(self, category: str) -> str:
        self._categories = self._categories or self._look_up_categories()
        return next((product for product, id_ in self._categories.items() if id_ == category), "")

    def _look_up_categories(self) -> dict[str, str]:
        """Product -> id of its category."""
        rows = self._api.rows("/ITILCategory")
        return {str(row.get("code") or row.get("name")): str(row.get("id")) for row in rows}

    def _look_up_key_option(self) -> str:
        options = self._api.get("/listSearchOptions/Ticket")
        for number, option in options.items() if isinstance(options, dict) else ():
            if isinstance(option, dict) and (option.get("table"), option.get("field")) == (
                "glpi_tickets",
                "externalid",
            ):
                return str(number)
        raise ProtocolError("neste GLPI os chamados não têm ID externo: é preciso a versão 10 ou mais nova")


def _no_category(*products: str) -> str:
    return f"falta no GLPI, ou o usuário do token não vê, a categoria de chamado de código {', '.join(products)}"


def _title(ticket: Ticket) -> str:
    """With the protocol in front, so that the analysts find it."""
    return f"[{one_line(ticket.protocol)}] {one_line(ticket.subject)}"


def _whole(files: Sequence[File]) -> bool:
    """GLPI takes no empty files."""
    return all(file.content for file in files)


def _found(body: Any) -> list[Row]:
    """The rows of a search; GLPI leaves them out where there are none."""
    rows = body.get("data", []) if isinstance(body, dict) and "totalcount" in body else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) and str(row.get(_ID)).isdecimal() for row in rows):
        raise ProtocolError("o GLPI respondeu a uma busca com outra coisa")
    return rows


def _status(row: Row) -> Status:
    return STATUS.get(str(row["status"]), Status.UNKNOWN)


def _is_set(value: object) -> bool:
    """Some versions answer their yes and no as text."""
    return str(value) == "1"


def _time(value: object) -> datetime | None:
    if not value:
        return None
    try:
        return datetime.strptime(str(value), "%Y-%m-%d %H:%M:%S").replace(tzinfo=_CLOCK)
    except ValueError:
        raise ProtocolError("o GLPI respondeu uma data de outra forma") from None
