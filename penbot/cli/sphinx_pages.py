"""Pages of a Sphinx project as docutils reads them: headings, texts, and a fingerprint that layout leaves alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import roles

_QUIET = {"report_level": 5, "halt_level": 5, "raw_enabled": False, "file_insertion_enabled": False}
_NUMBERING = re.compile(r"^[\d.]+\s+(?=\w)")


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it, before the next one."""

    heading: str
    text: str


@dataclass(frozen=True)
class Page:
    """`url`: where the page is published. `fingerprint`: of its words, however they are laid out."""

    url: str
    title: str
    sections: tuple[Section, ...]
    fingerprint: str


def pages(root: Path, published: str) -> Iterator[Page]:
    """The pages of a folder of sources that say something; `published`: the address the folder is published at.

    Lists of other pages are left out. Raises UnicodeDecodeError for a file that is not UTF-8.
    """
    roles.register_generic_role("download", nodes.inline)  # Sphinx's, for a file to fetch
    for path in sorted(root.rglob("*.rst")):
        tree = publish_doctree(path.read_text(encoding="utf-8"), settings_overrides=_QUIET)
        for message in list(tree.findall(nodes.system_message)):  # what only Sphinx knows, like toctree
            message.parent.remove(message)
        title = next((node.astext() for node in tree.findall(nodes.title)), path.stem)
        sections = [_section(node) for node in tree.findall(nodes.section)]
        text = _words(tree.astext())
        if text.removeprefix(_words(title)).strip():
            url = published + quote(path.relative_to(root).with_suffix(".html").as_posix(), safe="/()")
            fingerprint = hashlib.sha256(text.encode()).hexdigest()[:12]
            yield Page(url, title, tuple(sections) or (Section(title, tree.astext()),), fingerprint)


def _section(node: nodes.section) -> Section:
    heading, *rest = node.children
    own = [child.astext() for child in rest if not isinstance(child, nodes.section)]
    return Section(_NUMBERING.sub("", heading.astext()).strip(), "\n\n".join(own))


def _words(text: str) -> str:
    return " ".join(text.split())
