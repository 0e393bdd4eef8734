"""penbot import: what is new in the sources of WikiPEN, as drafts for an editor.

Proposes a draft for each heading that no entry of knowledge/faq/ answers, and says which entries to look at
again because their page has changed. A draft is never read by the assistant: whoever completes it moves it
to knowledge/faq/. A page counts as looked at when `conferido_em` of its file is later than it was.
"""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml
from rapidfuzz import fuzz, process

from penbot.cli.command import command
from penbot.cli.sphinx_pages import Page, Section, pages
from penbot.knowledge import Question, load
from penbot.knowledge.check import WIKIPEN
from penbot.language.text import fold, words
from penbot.settings import Settings

_ALIKE = 58.0  # of 100: from here on a heading is taken for one that an entry of its page answers
_LONGEST_KEY = 5  # words
_WIDTH = 110
_DRAFTS, _SEEN = "_rascunhos", "_paginas.yml"

Seen = dict[str, dict[str, Any]]


def add(verbs: Any) -> None:
    verb = command(verbs, "import", "propõe rascunhos a partir das páginas da WikiPEN")
    verb.add_argument("origem", choices=["wikipen"], help="de onde vêm as páginas")
    verb.add_argument("pasta", type=Path, help="pasta com as fontes Sphinx (.rst)")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    if not arguments.pasta.is_dir():
        print(f"{arguments.pasta} não é uma pasta; dê a pasta das fontes da WikiPEN", file=sys.stderr)
        return 2
    content = Settings.read().knowledge
    faq = content / "faq"
    entries: dict[str, list[Question]] = defaultdict(list)
    for question in load(content).faq.values():
        entries[question.fonte].append(question)
    try:
        found = list(pages(arguments.pasta, WIKIPEN))
    except UnicodeDecodeError as err:
        print(f"há um arquivo que não está em UTF-8: {err}", file=sys.stderr)
        return 1
    if not found:
        print(f"não há páginas .rst em {arguments.pasta}", file=sys.stderr)
        return 1
    drafted = [line for page in found for line in _draft(page, entries[page.url], faq / _DRAFTS)]
    changed = [line for page in found for line in _changed(page, entries[page.url], faq)]
    _remember(found, faq)
    print(*drafted, *changed, sep="\n")
    print(f"{len(found)} páginas: {len(drafted)} com títulos sem resposta, {len(changed)} mudaram.")
    return 1 if drafted or changed else 0


# --- headings without an entry -----------------------------------------------


def _draft(page: Page, entries: Sequence[Question], folder: Path) -> Iterator[str]:
    """Writes the draft of a page, unless there is one; says what was done."""
    missing = [section for section in page.sections if not _answered(section, entries)]
    if not missing:
        return
    path = folder / f"{_key(_name(page).removesuffix('.html'), 99)}.yml"
    listed = ", ".join(f"«{section.heading}»" for section in missing)
    if path.exists():
        yield f"rascunho que já estava lá: {path} ({listed})"
        return
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(_as_draft(page, missing), encoding="utf-8")
    yield f"rascunho novo: {path} ({listed})"


def _answered(section: Section, entries: Sequence[Question]) -> bool:
    known = [fold(text) for question in entries for text in question.asked]
    best = process.extractOne(fold(section.heading), known, scorer=fuzz.token_set_ratio)
    return best is not None and best[1] >= _ALIKE


def _as_draft(page: Page, sections: Sequence[Section]) -> str:
    head = [
        "# Rascunho: o assistente não lê este arquivo. Complete com as suas palavras, confira com `penbot validate`",
        "# e mova para knowledge/faq/.",
        f"titulo: {_quoted(page.title)}",
        "produtos: []",
        f"fonte: {page.url}",
        f"conferido_em: {date.today().isoformat()}",
        "assuntos:",
    ]
    keys: set[str] = set()
    for section in sections:
        key = _key(section.heading, _LONGEST_KEY)
        while key in keys:
            key += "_"
        keys.add(key)
        head += ["", f"  {key}:", f"    pergunta: {_quoted(section.heading)}", '    titulo: ""']
        head += ["    perguntas: []", "    confere: []", '    resposta: ""', "    # A página diz:"]
        head += [f"    #   {line}" for text in section.text.splitlines() for line in textwrap.wrap(text, _WIDTH)]
    return "\n".join(head) + "\n"


def _key(text: str, longest: int) -> str:
    return "_".join(word.text for word in words(text)[:longest]) or "pagina"


def _quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", " ".join(text.split())) + '"'


# --- pages that changed ------------------------------------------------------


def _changed(page: Page, entries: Sequence[Question], faq: Path) -> Iterator[str]:
    before = _seen(faq).get(_name(page))
    if not entries or before is None or before["impressao"] == page.fingerprint:
        return
    if _checked_on(faq).get(page.url, date.min) > before["conferido_em"]:
        return
    yield f"mudou: {page.url}\n  confira e atualize `conferido_em`: {', '.join(q.id for q in entries)}"


def _remember(found: Sequence[Page], faq: Path) -> None:
    """Keep the fingerprint of each page that an editor has looked at as it stands now."""
    seen, checked = _seen(faq), _checked_on(faq)
    for page in found:
        before, on = seen.get(_name(page)), checked.get(page.url)
        if on and (before is None or before["impressao"] == page.fingerprint or on > before["conferido_em"]):
            seen[_name(page)] = {"impressao": page.fingerprint, "conferido_em": on}
    text = "# Escrito por `penbot import wikipen`: as páginas como estavam quando foram conferidas.\n"
    (faq / _SEEN).write_text(text + yaml.safe_dump(seen, allow_unicode=True, width=_WIDTH), encoding="utf-8")


def _seen(faq: Path) -> Seen:
    path = faq / _SEEN
    return (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.exists() else {}


def _name(page: Page) -> str:
    return unquote(page.url).removeprefix(WIKIPEN)


def _checked_on(faq: Path) -> dict[str, date]:
    """When the entries of each page were last checked, by their files."""
    found: dict[str, date] = {}
    for path in faq.glob("[!_]*.yml"):
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
        own = [entry.get("fonte") for entry in body["assuntos"].values()]
        for page in filter(None, {body.get("fonte"), *own}):
            on = body.get("conferido_em")
            if isinstance(on, date):
                found[page] = max(on, found.get(page, date.min))
    return found
