"""Who asks, and from where: name, e-mail and organ as people type them, and the sphere these speak for.

The words that tell are content: knowledge/orgaos.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from penbot.knowledge import Knowledge
from penbot.knowledge.model import SPHERE, Organs
from penbot.language.personal import emails
from penbot.language.text import fold, words
from penbot.ticketing.names import Reader

_LONGEST_TEXT = 1500  # nobody introduces themselves at greater length
_SHORTEST_TOWN = 5  # letters: shorter words before '.sp.gov.br' are initials as often as towns


@dataclass(frozen=True)
class Contact:
    """What a message says of who wrote it; None where it says nothing."""

    name: str | None = None
    email: str | None = None
    organ: str | None = None


def contact_in(text: str, knowledge: Knowledge) -> Contact:
    """The requester's name, e-mail and organ in one message, however they are put."""
    text = text[:_LONGEST_TEXT]
    spans = emails(text)
    email = text[slice(*spans[0])] if spans else None
    for start, end in reversed(spans):
        text = f"{text[:start]}\n{text[end:]}"
    said, rest = _labelled(text, knowledge.organs)
    name, organ = Reader(rest, knowledge, _institution(email, knowledge.organs)).read()
    return Contact(
        clean_name(said.get("nome", ""), knowledge) or name,
        email,
        clean_organ(said.get("orgao", ""), knowledge) or organ,
    )


def clean_name(text: str, knowledge: Knowledge) -> str | None:
    """A text that should be a name, without what stands around it; None if it cannot be one."""
    return Reader(text, knowledge).whole_name() if text else None


def clean_organ(text: str, knowledge: Knowledge) -> str | None:
    """The same for the name of an organ: any name will do, a sentence will not."""
    return Reader(text, knowledge).whole_organ() if text else None


def is_personal(email: str, knowledge: Knowledge) -> bool:
    """Whether an address is of a provider that anybody may use, not of an institution."""
    return email.rpartition("@")[2].lower() in knowledge.organs.pessoais


def likely_sphere(email: str | None, organ: str | None, knowledge: Knowledge) -> str | None:
    """The sphere that the organ's name tells, or else the address; None where neither does."""
    by_domain = _sphere_of_domain(email.rpartition("@")[2], knowledge.organs) if email else None
    if not organ:
        return by_domain
    named = {id_ for m in knowledge.vocabulary.mentions(organ) if m.kind == SPHERE for id_ in m.ids}
    if not named and _says_other_power(organ, knowledge.organs):
        return "outros_poderes"
    if len(named) == 1:
        return named.pop()
    return by_domain if not named or by_domain in named else None


# --- addresses ---------------------------------------------------------------


def _sphere_of_domain(domain: str, organs: Organs) -> str | None:
    labels = fold(domain).split(".")
    in_state = labels[-2:] == ["gov", "br"] and len(labels) > 2 and labels[-3] in organs.ufs
    told = _sphere_in_state(labels[:-3], organs) if in_state else None
    return told or _sphere_of_ending(labels, organs, in_state) or (_town_or_none(labels[:-3]) if in_state else None)


def _sphere_in_state(labels: Sequence[str], organs: Organs) -> str | None:
    """By the words before '.sp.gov.br', the nearest being the organ and the others parts of it."""
    if not labels:
        return "executivo_estadual"
    told = [_sphere_of_word(label, organs) for label in labels]
    if "outros_poderes" in told:
        return "outros_poderes"
    if told[-1] is None and any(told):  # saude.itu.sp.gov.br: the secretariat of a town
        return "executivo_municipal"
    return told[-1]


def _sphere_of_ending(labels: Sequence[str], organs: Organs, in_state: bool) -> str | None:
    endings = {ending: sphere for sphere, texts in organs.dominios.items() for ending in texts}
    longest = (".".join(labels[n:]) for n in range(len(labels) - (2 if in_state else 0)))
    return next((endings[ending] for ending in longest if ending in endings), None)


def _town_or_none(labels: Sequence[str]) -> str | None:
    return "executivo_municipal" if len(labels[-1]) >= _SHORTEST_TOWN else None


def _sphere_of_word(label: str, organs: Organs) -> str | None:
    """What one word of an address says; an exact word goes before 'camara*'."""
    forms = _forms(label, organs.ufs)
    exact = {word: sphere for sphere, texts in organs.no_estado.items() for word in texts}
    starts = {word[:-1]: sphere for word, sphere in exact.items() if word.endswith("*")}
    told = next((exact[form] for form in forms if form in exact), None)
    return told or next((sphere for start, sphere in starts.items() if label.startswith(start)), None)


def _forms(label: str, ufs: Iterable[str]) -> tuple[str, ...]:
    """'tcemg' and 'tce-mg' are 'tce', too."""
    return (label, label.rstrip("0123456789"), *(label[:-2].rstrip("-") for uf in ufs if label.endswith(uf)))


def _says_other_power(organ: str, organs: Organs) -> bool:
    """'Câmara de…', 'TJSP': names the vocabulary does not hold."""
    first = next((word.text for word in words(organ)), "")
    return _sphere_of_word(first, organs) == "outros_poderes"


def _institution(email: str | None, organs: Organs) -> frozenset[str]:
    """The words of an institution's address, which its own people use for its name: 'anvisa'."""
    labels = fold(email.rpartition("@")[2]).split(".") if email else []
    endings = {ending for texts in organs.dominios.values() for ending in texts}
    if not any(".".join(labels[n:]) in endings for n in range(len(labels))):
        return frozenset()
    return frozenset(label for label in labels[:-2] if len(label) > 2)


# --- messages ----------------------------------------------------------------


def _labelled(text: str, organs: Organs) -> tuple[dict[str, str], str]:
    """The values that follow a label, by what they are, and what is left of the text."""
    kinds = {label.lower(): kind for kind, labels in organs.rotulos.items() for label in labels}
    longest_first = "|".join(map(re.escape, sorted(kinds, key=len, reverse=True)))
    label = re.compile(rf"(?<!\w)[*_]*({longest_first})[*_]*(?:\s*[:=]|[ \t]+[-–][ \t])[*_]*[ \t]*", re.IGNORECASE)
    found = list(label.finditer(text))
    said: dict[str, str] = {}
    rest, at = "", 0
    for match, following in zip(found, [*found, None][1:], strict=True):
        kind = kinds[match[1].lower()]
        value = text[match.end() : following.start() if following else len(text)]
        lead = len(value) - len(value.lstrip()) if kind in ("nome", "orgao") else 0
        end = re.search(r"[\n;|]" if kind == "orgao" else r"[\n;,|]", value[lead:])
        size = lead + end.start() if end else len(value)
        said.setdefault(kind, value[:size])
        rest, at = f"{rest}{text[at : match.start()]}\n", match.end() + size
    return said, rest + text[at:]
