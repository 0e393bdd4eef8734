"""The real assistant and a client of its portal channel, for tests."""

from __future__ import annotations

import dataclasses
import itertools
import json
from pathlib import Path
from typing import Any

import requests

from penbot.serving.supervisor import Assistant, assistant, free_port
from penbot.settings import Settings

ALLOWED = "https://portal.exemplo.gov.br"
_addresses = itertools.count(1)


def wanted(model: Path, home: Path, **settings: Any) -> Assistant:
    """Not started yet. It trusts one proxy: so each test can have an address of its own."""
    values = {"home": home, "port": free_port(), "api_token": "senha-de-teste", "proxies": 1, "origins": (ALLOWED,)}
    return assistant(dataclasses.replace(Settings.read(), **{**values, **settings}), model)


def address() -> str:
    """A client's address that no other test has: what one sends does not count for another."""
    n = next(_addresses)
    return f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"


class Client:
    """A person's browser, as far as the channel sees it."""

    def __init__(self, server: str, origin: str | None = None) -> None:
        self.base = f"{server}/webhooks/portal"
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers["X-Forwarded-For"] = address()
        if origin:
            self.http.headers["Origin"] = origin
        self.number = 0

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        return self.http.request(method, f"{self.base}/{path}", timeout=60, **more)

    def begin(self) -> Client:
        self.http.headers["Authorization"] = f"Bearer {self.call('POST', 'session').json()['token']}"
        return self

    def post(self, body: Any) -> requests.Response:
        return self.call("POST", "message", json=body)

    def lines(self, body: Any) -> list[dict[str, Any]]:
        answer = self.post(body)
        assert answer.status_code == 200, answer.text
        return [line for line in map(json.loads, answer.text.splitlines()) if line["type"] != "beat"]

    def say(self, text: str) -> list[dict[str, Any]]:
        self.number += 1
        return self.lines({"number": self.number, "text": text})[:-1]

    def press(self, title: str, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self.number += 1
        payloads = {b["title"]: b["payload"] for m in messages for b in m.get("buttons", [])}
        return self.lines({"number": self.number, "payload": payloads[title]})[:-1]

    def items(self) -> list[dict[str, Any]]:
        return list(self.call("GET", "history").json()["items"])

    def attach(self, name: str, content: bytes) -> requests.Response:
        return self.call("POST", "attachment", data=content, headers={"X-File-Name": requests.utils.quote(name)})
