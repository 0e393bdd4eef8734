"""Request Tracker's REST 2 interface: calls with a token, and answers whose shape is checked."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from penbot.ticketing.desk import ProtocolError
from penbot.ticketing.desks.http import TIMEOUT, Client

Row = dict[str, Any]


class RtApi:
    def __init__(self, url: str, token: str, timeout: tuple[float, float] = TIMEOUT) -> None:
        self._http = Client(f"{url}/REST/2.0", timeout)
        self._headers = {"Authorization": f"token {token}"}

    def record(self, path: str) -> Row:
        row: Row = self._answer("GET", path, dict)
        return row

    def rows(self, path: str, params: Mapping[str, str]) -> list[Row]:
        """The first hundred of a list: as many as RT gives at once."""
        answer: Row = self._answer("GET", path, dict, params={"per_page": "100", **params})
        with as_documented():
            return [dict(row) for row in answer["items"]]

    def create(self, path: str, values: Row) -> Row:
        row: Row = self._answer("POST", path, dict, json=values)
        return row

    def change(self, method: str, path: str, values: Row) -> None:
        """RT's answer says in prose whether it did it, in the user's language: read back instead."""
        self._answer(method, path, list, json=values)

    def _answer(self, method: str, path: str, kind: type, **parts: Any) -> Any:
        answer = self._http.send(method, path, headers=self._headers, **parts).accepted().json()
        if not isinstance(answer, kind):
            raise ProtocolError(f"{method} {path}: o RT respondeu outra coisa")
        return answer


@contextlib.contextmanager
def as_documented() -> Iterator[None]:
    """Around the reading of an answer: what is not where it should be is RT's fault, not ours."""
    try:
        yield
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as err:
        raise ProtocolError("o RT respondeu sem um campo que faz parte da sua interface") from err
