"""Personal data in a text: CPF numbers, to be covered before anybody else reads them, and e-mail addresses."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email
from validate_docbr import CPF  # type: ignore[import-untyped]

Span = tuple[int, int]

_GAP = r"[ \t\xa0]?[.\-–/]?[ \t\xa0]?"  # between the groups of a CPF: '.', '-', a space, nothing
_CPF = re.compile(
    r"(?:(?<!\w)|(?<=cpf))(?<!\d[.\-/])"  # not in the middle of a NUP, a hash or a longer number
    rf"\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{2}}"
    r"(?!\w|[.\-/]\d)",
    re.IGNORECASE | re.ASCII,
)
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_EMAIL = re.compile(rf"(?<![\w.+%'@-])[a-z0-9][a-z0-9._%+'-]*@{_LABEL}(?:\.{_LABEL})+", re.IGNORECASE)


def cpfs(text: str) -> list[Span]:
    """Where a text holds a CPF with the right check digits, however it is written."""
    return [match.span() for match in _CPF.finditer(text) if CPF().validate("".join(re.findall(r"\d", match.group())))]


def mask_cpf(text: str) -> str:
    """The text with '[CPF]' in the place of each CPF."""
    for start, end in reversed(cpfs(text)):
        text = f"{text[:start]}[CPF]{text[end:]}"
    return text


def emails(text: str) -> list[Span]:
    """Where a text holds an e-mail address that could exist."""
    return [match.span() for match in _EMAIL.finditer(text) if is_email(match.group())]


def first_email(text: str) -> str:
    """The first e-mail address in a text; '' if there is none."""
    return next((text[start:end] for start, end in emails(text)), "")


def is_email(text: str) -> bool:
    """Whether this is an e-mail address, by its form alone. Accents are taken for a slip."""
    if not text.isascii():
        return False
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True
