"""A ticket being filled in: what it lacks, what may fill it, what falls when something else changes.

Pure: no Rasa, no desk. What is asked and how is `penbot.dialogue.form`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from penbot.knowledge import Knowledge, Product
from penbot.ticketing.desk import Ticket
from penbot.ticketing.offer import only_sphere

LONGEST_DESCRIPTION = 6000  # characters that reach the desk; the rest is cut, with a notice
LONGEST_SUBJECT = 100
ERROR = "reportar_erro"
OPTIONAL = ("details", "environment", "version")


@dataclass(frozen=True)
class Draft:
    """`candidates`: the products it may be about while undecided (none: any). `likely_type`: the support type
    it rather seems to be, while that is asked. `told`: what the first message said. `skipped`: optional
    fields the requester passed over. `keep_cpf`: whether a CPF in the description is needed (None: not
    asked). `key`, `protocol`: made when it is shown for confirmation."""

    product: str | None = None
    candidates: tuple[str, ...] = ()
    support_type: str | None = None
    likely_type: str | None = None
    sphere: str | None = None
    told: str = ""
    details: str = ""
    environment: str = ""
    version: str = ""
    name: str = ""
    email: str = ""
    organ: str = ""
    subject: str = ""
    skipped: tuple[str, ...] = ()
    keep_cpf: bool | None = None
    duplicate_seen: bool = False
    key: str = ""
    protocol: str = ""

    def with_(self, **changes: Any) -> Draft:
        return replace(self, **changes)

    @property
    def description(self) -> str:
        """What the requester told, first message and details together."""
        if not self.told or self.told in self.details:
            return self.details
        return f"{self.told}\n{self.details}".strip()

    def to_dict(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value not in (None, "", (), False)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Draft:
        """What `to_dict` wrote; keys of another version are left out."""
        known = {f.name for f in fields(cls)}
        lists = {k: tuple(v) for k, v in values.items() if isinstance(v, list)}
        return cls(**{k: v for k, v in {**values, **lists}.items() if k in known})


def needed(draft: Draft, knowledge: Knowledge) -> tuple[str, ...]:
    """The fields still to be asked, in the order in which they are asked."""
    product = knowledge.products.get(draft.product or "")
    if product is None:
        return ("product",)
    asked = ["support_type", "sphere", "details"]
    if draft.support_type == ERROR:
        asked += ["environment", "version"]
    asked += ["name", "email", "organ"]
    return tuple(name for name in asked if not getattr(draft, name) and name not in draft.skipped)


def about(draft: Draft, product: Product) -> Draft:
    """The draft for this product: what it does not offer falls, what has one value is filled in."""
    sphere = draft.sphere if draft.sphere in product.disponivel_para else None
    type_ = draft.support_type if draft.support_type in product.suporte else None
    return draft.with_(product=product.id, candidates=(), sphere=sphere or only_sphere(product), support_type=type_)


def same_requester(draft: Draft, before: Draft, knowledge: Knowledge) -> Draft:
    """A second ticket of the same person: who they are need not be asked twice."""
    filled = draft.with_(name=before.name, email=before.email, organ=before.organ)
    product = knowledge.products.get(draft.product or "")
    if product is None or before.sphere not in product.disponivel_para or draft.sphere:
        return filled
    return filled.with_(sphere=before.sphere)


def subject_of(draft: Draft, knowledge: Knowledge) -> str:
    """The short subject: as the requester put it, else the first sentence told, else type and product."""
    if draft.subject:
        return draft.subject
    first = " ".join((draft.description.strip().splitlines() or [""])[0].split())
    for end in (". ", "! ", "? ", "; "):
        first = first.split(end)[0]
    if len(first.split()) < 3:
        product, type_ = knowledge.products[draft.product or ""], knowledge.support_types[draft.support_type or ""]
        first = f"{type_.nome}: {product.nome}"
    return first if len(first) <= LONGEST_SUBJECT else f"{first[: LONGEST_SUBJECT - 1].rstrip()}…"


def ticket(draft: Draft, knowledge: Knowledge, description: str) -> Ticket:
    """What is handed over. `description`: as it may leave the conversation. The draft is complete."""
    extras = [
        f"{label}: {value}"
        for label, value in (("Ambiente", draft.environment), ("Versão", draft.version), ("Órgão", draft.organ))
        if value
    ]
    return Ticket(
        key=draft.key,
        protocol=draft.protocol,
        product=draft.product or "",
        sphere=draft.sphere or "",
        support_type=draft.support_type or "",
        subject=subject_of(draft, knowledge),
        body="\n\n".join([description, "\n".join(extras)]).strip(),
        requester_name=draft.name,
        requester_email=draft.email,
    )
