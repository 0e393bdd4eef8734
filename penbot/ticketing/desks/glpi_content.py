"""A ticket's text in GLPI: HTML for people, ending in lines that are read back by machine.

Fields of one's own exist in GLPI only with a plugin, which not every organ has; lines at the end of the
description work everywhere, and the analysts see them.
"""

from __future__ import annotations

import html

from penbot.ticketing.as_text import LABELS
from penbot.ticketing.desk import Ticket
from penbot.ticketing.desks.plain import from_html, one_line, plain

HEADING = "Dados do assistente virtual"
_FIELDS = ("protocol", "product", "sphere", "support_type")


def to_html(text: str) -> str:
    """Plain text as a paragraph: nothing in it is markup, its line breaks stay."""
    return "<p>" + "<br>".join(html.escape(line) for line in plain(text).strip().split("\n")) + "</p>"


def decoded(text: str) -> str:
    """What GLPI answers, as it was sent: version 10 answers the signs of markup as these entities, 11 does not."""
    if "<" in text:
        return text
    return text.replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&")


def of_ticket(ticket: Ticket) -> str:
    """The description that is sent: the requester's words, and below them the lines of `fields`."""
    who = f"{LABELS['requester']}: {one_line(ticket.requester_name)} <{ticket.requester_email}>"
    lines = [f"{LABELS[name]}: {getattr(ticket, name)}" for name in _FIELDS]
    return to_html(ticket.body) + to_html("\n".join([HEADING, who, *lines]))


def fields(content: str) -> dict[str, str]:
    """Protocol, product, sphere and support type of a description; what is not there is missing.

    Only what comes after our last heading counts: the requester may have written anything before it.
    """
    _, heading, ours = from_html(decoded(content)).rpartition(HEADING)
    if not heading:
        return {}
    lines = dict(line.split(": ", 1) for line in ours.splitlines() if ": " in line)
    return {name: lines[LABELS[name]] for name in _FIELDS if LABELS[name] in lines}
