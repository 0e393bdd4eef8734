"""What a queue of Request Tracker has to have, so that nothing of a ticket is dropped on the way in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from penbot.ticketing.desk import Forbidden, NotFound
from penbot.ticketing.desks.rt_api import RtApi, as_documented

FIELDS = {
    "product": "Produto",
    "sphere": "Esfera",
    "support_type": "Tipo de suporte",
    "key": "Chave",
    "protocol": "Protocolo",
}
"""A ticket's fields, and RT's custom fields for them. The first three are lists of our ids."""

Wanted = Mapping[str, Collection[str]]
"""Field of a ticket -> the values its list must have."""


class Queues:
    """What the queues lack. As long as a queue is known to have what is wanted, RT is not asked again."""

    def __init__(self, api: RtApi) -> None:
        self._api = api
        self._known: dict[str, Wanted] = {}

    def lacking(self, product: str, wanted: Wanted) -> tuple[str, ...]:
        """What has to be created or allowed in RT before such tickets can go to the product's queue."""
        if product in self._known and not any(_missing(self._known[product], wanted)):
            return ()
        return self.lacking_in((product,), wanted)

    def lacking_in(self, products: Collection[str], wanted: Wanted) -> tuple[str, ...]:
        """The same for several queues, as it is now: a call for each queue, and one for each field."""
        lists = _Lists(self._api)
        lacking: list[str] = []
        for product in products:
            known = self._look_up(product, lists)
            if known is None:
                lacking.append(f"a fila {product}, com direito de abrir chamados")
                continue
            self._known[product] = known
            own = {**wanted, "product": (product,)}
            lacking += (f"{what} (fila {product})" for what in _missing(known, own))
        return tuple(lacking)

    def _look_up(self, product: str, lists: _Lists) -> Wanted | None:
        try:
            queue = self._api.record(f"/queue/{product}")
        except (Forbidden, NotFound):  # RT does not tell one from the other
            return None
        with as_documented():
            open_to_us = any(link["ref"] == "create" for link in queue["_hyperlinks"])
            if not open_to_us or str(queue.get("Disabled") or "0") != "0":
                return None
            ids = {str(field["name"]): str(field["id"]) for field in queue["TicketCustomFields"]}
        return {name: lists[ids[field]] for name, field in FIELDS.items() if field in ids}


class _Lists(dict[str, frozenset[str]]):
    """Id of a custom field -> the values of its list, each asked for once."""

    def __init__(self, api: RtApi) -> None:
        super().__init__()
        self._api = api

    def __missing__(self, id_: str) -> frozenset[str]:
        field = self._api.record(f"/customfield/{id_}")
        with as_documented():
            self[id_] = frozenset(str(value) for value in field.get("Values") or ())
        return self[id_]


def _missing(known: Wanted, wanted: Wanted) -> Iterator[str]:
    for name, field in FIELDS.items():
        if name not in known:
            yield f"o campo «{field}»"
            continue
        for value in wanted.get(name, ()):
            if value not in known[name]:
                yield f"o valor {value} no campo «{field}»"
