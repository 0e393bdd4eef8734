"""penbot chat: talk to a running assistant in the terminal."""

from __future__ import annotations

import argparse
import uuid
from typing import Any

import requests

from penbot.cli.command import command
from penbot.serving.supervisor import StartError, local
from penbot.settings import Settings

_TIMEOUT = 30  # seconds


def add(verbs: Any) -> None:
    verb = command(verbs, "chat", "conversa com o assistente ligado por `penbot run`")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    address = f"http://127.0.0.1:{Settings.read().port}"
    try:
        local.get(f"{address}/webhooks/rest/", timeout=_TIMEOUT).raise_for_status()
    except requests.RequestException as err:
        raise StartError(f"ninguém responde em {address}; ligue o assistente antes: make run") from err
    print("Escreva sua pergunta; o número de um botão aperta o botão; linha vazia termina.")
    conversation = uuid.uuid4().hex
    buttons: list[dict[str, str]] = []
    while said := _read():
        chosen = buttons[int(said) - 1]["payload"] if said.isdecimal() and 0 < int(said) <= len(buttons) else said
        buttons = _show(_send(address, conversation, chosen))
    return 0


def _read() -> str:
    try:
        return input("você> ").strip()
    except EOFError:
        return ""


def _send(address: str, conversation: str, message: str) -> list[dict[str, Any]]:
    body = {"sender": conversation, "message": message}
    try:
        reply = local.post(f"{address}/webhooks/rest/webhook", json=body, timeout=_TIMEOUT)
        reply.raise_for_status()
    except requests.RequestException as err:
        raise StartError(f"o assistente não respondeu: {err}") from err
    return list(reply.json())


def _show(messages: list[dict[str, Any]]) -> list[dict[str, str]]:
    buttons: list[dict[str, str]] = []
    for message in messages:
        print(message.get("text", ""))
        for button in message.get("buttons", []):
            buttons.append(button)
            print(f"  [{len(buttons)}] {button['title']}")
        source = (message.get("custom") or {}).get("source")
        if source:
            print(f"  Fonte: {source}")
    return buttons
