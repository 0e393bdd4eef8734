"""A ticket as plain text: to be copied into a form that no program may fill in, like MGI's portal."""

from __future__ import annotations

from collections.abc import Mapping

from penbot.ticketing.desk import Ticket

LABELS = {
    "subject": "Assunto",
    "protocol": "Protocolo",
    "product": "Produto",
    "sphere": "Esfera",
    "support_type": "Tipo de suporte",
    "requester": "Solicitante",
    "files": "Anexos",
    "body": "Descrição",
}
"""What the parts of a ticket are called wherever people read one."""

LONGEST = 10_000  # characters; a description of `draft.LONGEST_DESCRIPTION` fits whole
CUT = "[texto cortado aqui]"


def as_text(ticket: Ticket, names: Mapping[str, str]) -> str:
    """The whole ticket, at most `LONGEST` characters. `names`: id -> name of products, spheres, support types.

    Without the protocol: the text is for where this ticket has not been opened.
    """
    parts = {
        "subject": _line(ticket.subject),
        "product": names.get(ticket.product, ticket.product),
        "sphere": names.get(ticket.sphere, ticket.sphere),
        "support_type": names.get(ticket.support_type, ticket.support_type),
        "requester": f"{_line(ticket.requester_name)} <{_line(ticket.requester_email)}>",
        "files": ", ".join(_line(file.name) for file in ticket.files),
    }
    lines = [f"{LABELS[name]}: {value}" for name, value in parts.items() if value]
    return _shortened("\n".join([*lines, "", f"{LABELS['body']}:", ticket.body.strip()]))


def _line(text: str) -> str:
    return " ".join(text.split())


def _shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST - len(CUT) - 1].rstrip()}\n{CUT}"
