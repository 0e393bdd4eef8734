"""The safe subset of Markdown that answers are written in, as HTML. The widget builds the same as DOM.

Paragraphs, line breaks, lists, **bold**, `code`, [links](https://…) and bare addresses; https and mailto only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

_INLINE = re.compile(
    r"\*\*(?P<bold>[^*\n]+)\*\*|`(?P<code>[^`\n]+)`"
    r"|\[(?P<label>[^\]\n]+)\]\((?P<target>[^)\s]+)\)|(?P<bare>https://[^\s<>\"«»]*[^\s<>\"«».,;:!?)\]])"
)
_TARGET = re.compile(r"https://[^\s\"'<>\\@]+|mailto:[\w.+-]+@[\w.-]+")
_BULLET = re.compile(r"\s*(?P<sign>[-*•]|\d{1,3}[.)])\s+(?P<text>.*)")


def to_html(text: str) -> Markup:
    return Markup("").join(_blocks(text.replace("\r", "").split("\n")))


def _blocks(lines: list[str]) -> Iterator[Markup]:
    tag, held = "", list[Markup]()
    for line in [*lines, ""]:
        bullet = _BULLET.fullmatch(line)
        wanted = ("ol" if bullet["sign"][0].isdigit() else "ul") if bullet else "p" if line.strip() else ""
        if wanted != tag:
            yield _block(tag, held)
            tag, held = wanted, []
        held.append(inline(bullet["text"] if bullet else line))


def _block(tag: str, lines: list[Markup]) -> Markup:
    if not tag:
        return Markup("")
    if tag == "p":
        return Markup("<p>{}</p>").format(Markup("<br>").join(lines))
    items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    return Markup(f"<{tag}>{{}}</{tag}>").format(items)


def inline(text: str) -> Markup:
    parts, end = [], 0
    for match in _INLINE.finditer(text):
        parts += [escape(text[end : match.start()]), _piece(match)]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


def _piece(match: re.Match[str]) -> Markup:
    if match["bold"]:
        return Markup("<strong>{}</strong>").format(inline(match["bold"]))
    if match["code"]:
        return Markup("<code>{}</code>").format(match["code"])
    target = match["target"] or match["bare"]
    if not _TARGET.fullmatch(target):
        return escape(match[0])
    label = match["label"] or target
    shown = label if label == target else f"{label} ({target.removeprefix('mailto:')})"
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(target, shown)
