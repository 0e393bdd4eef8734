"""What to say about what was asked. The only place that decides the content of an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from penbot.knowledge.model import Deadline, Facet, Knowledge, Link, Product, Question, Subject


@dataclass(frozen=True)
class Button:
    """A quick reply: what it says, the intent it stands for and the ids it carries."""

    title: str
    intent: str
    entities: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """One message of the bot. `custom`: the payload of the contract, beside the text."""

    text: str
    buttons: tuple[Button, ...] = ()
    custom: dict[str, Any] | None = None


def about_subject(subject: Subject, knowledge: Knowledge, hours: int | None = None) -> Answer:
    """A subject's answer; `hours`: the length of time the question speaks of, where it matters."""
    lines = [subject.resposta]
    if subject.prazo and hours is not None:
        lines.insert(0, _verdict(subject.prazo, hours))
    if subject.links:
        lines += [link.url for link in subject.links if link.url not in subject.resposta]
    return Answer("\n".join(lines), custom=_payload(subject.id, subject.fonte))


def _verdict(deadline: Deadline, hours: int) -> str:
    return deadline.dentro if hours <= deadline.horas else deadline.fora


def about_facet(facet: Facet, product: Product, knowledge: Knowledge, asked: Sequence[str] = ()) -> Answer:
    """A product's answer to a facet; `asked`: the spheres or support types the question names."""
    text = FACETS[facet.id](product, knowledge, asked)
    others = [f for f in knowledge.facets.values() if f.id != facet.id]
    buttons = tuple(Button(f.titulo, f.intent, {"produto": product.id}) for f in others)
    return Answer(text, buttons, _payload(f"{product.id}.{facet.id}", product.fonte))


def about_product(product: Product, knowledge: Knowledge) -> Answer:
    """What we know of a product when a question on it finds no better answer."""
    text = knowledge.say("o_que_sei_do_produto", o_que_e=product.o_que_e, para_que_serve=product.para_que_serve)
    asked = Button(knowledge.say("botao_duvida"), "registrar_duvida", {"produto": product.id})
    others = [
        Button(f.titulo, f.intent, {"produto": product.id}) for f in knowledge.facets.values() if f.id in _FURTHER
    ]
    return Answer(text, (asked, *others), _payload(f"{product.id}.o_que_e", product.fonte))


_FURTHER = ("disponivel_para", "suporte", "saber_mais")

SHOW = "ver_resposta"
"""The intent of a button that shows an answer of the FAQ: the entry it carries, or the rest of it."""

QUESTION, PART, MORE = "pergunta", "parte", "mais"


def about_question(question: Question, knowledge: Knowledge, related: Sequence[Question] = ()) -> Answer:
    """An answer of the FAQ. `related`: other entries that may have been meant, as buttons."""
    links = [link.url for link in question.links if link.url not in question.resposta]
    more = Button(knowledge.say("botao_ver_mais"), SHOW, {QUESTION: question.id, PART: MORE})
    payload = _payload(question.id, question.fonte)
    answer = Answer("\n".join([question.resposta, *links]), (more,) if question.mais else (), payload)
    return with_related(answer, related, knowledge)


def with_related(answer: Answer, related: Sequence[Question], knowledge: Knowledge) -> Answer:
    """An answer with entries of the FAQ as further buttons, if there are any."""
    if not related:
        return answer
    payload = {**(answer.custom or {}), "see_also": [q.id for q in related], "sources": _pages(related)}
    text = f"{answer.text}\n\n{knowledge.say('veja_tambem')}"
    return Answer(text, (*answer.buttons, *map(show, related)), payload)


def rest_of(question: Question) -> Answer:
    """What is told of an entry when more is asked for."""
    return Answer(question.mais, custom=_payload(question.id, question.fonte))


def which_question(text: str, questions: Sequence[Question], knowledge: Knowledge) -> Answer:
    """Ask which of these is meant."""
    none = Button(knowledge.say("botao_nenhuma"), "negar")
    custom = {"type": "clarify", "options": [q.id for q in questions], "sources": _pages(questions)}
    return Answer(text, (*map(show, questions), none), custom)


def show(question: Question) -> Button:
    return Button(question.titulo, SHOW, {QUESTION: question.id})


def _pages(questions: Sequence[Question]) -> list[str]:
    return [question.fonte for question in questions]


def _payload(id_: str, source: str) -> dict[str, Any]:
    return {"type": "answer", "id": id_, "source": source}


# --- facets ------------------------------------------------------------------

FacetText = Callable[[Product, Knowledge, Sequence[str]], str]


def _what_it_is(product: Product, knowledge: Knowledge, asked: Sequence[str]) -> str:
    return product.o_que_e


def _what_for(product: Product, knowledge: Knowledge, asked: Sequence[str]) -> str:
    return product.para_que_serve


def _for_whom(product: Product, knowledge: Knowledge, asked: Sequence[str]) -> str:
    names = [knowledge.spheres[id_].nome for id_ in product.disponivel_para]
    whole = "disponivel_para_todos" if len(names) == len(knowledge.spheres) else "disponivel_para"
    text = knowledge.say(whole, **product.forms, esferas=listed(names))
    wanted = [knowledge.spheres[id_] for id_ in asked if id_ in knowledge.spheres]
    verdicts = [
        knowledge.say(
            "esfera_sim" if term.id in product.disponivel_para else "esfera_nao",
            esfera=term.nome,
            **product.forms,
        )
        for term in wanted
    ]
    return "\n".join([*verdicts, text])


def _support(product: Product, knowledge: Knowledge, asked: Sequence[str]) -> str:
    names = [knowledge.support_types[id_].nome for id_ in product.suporte]
    text = knowledge.say("suporte", **product.forms, tipos=bullets(names))
    wanted = [knowledge.support_types[id_] for id_ in asked if id_ in knowledge.support_types]
    verdicts = [
        knowledge.say("suporte_sim" if term.id in product.suporte else "suporte_nao", tipo=term.nome, **product.forms)
        for term in wanted[:1]
    ]
    return "\n".join([*verdicts, text])


def _links(product: Product, knowledge: Knowledge, asked: Sequence[str]) -> str:
    return knowledge.say("saber_mais", **product.forms, links=bullets(_shown(link) for link in product.saber_mais))


FACETS: dict[str, FacetText] = {
    "o_que_e": _what_it_is,
    "para_que_serve": _what_for,
    "disponivel_para": _for_whom,
    "suporte": _support,
    "saber_mais": _links,
}


def _shown(link: Link) -> str:
    return f"{link.titulo}: {link.url}"


def bullets(lines: Any) -> str:
    return "\n".join(f"- {line}" for line in lines)


def listed(names: Sequence[str], last: str = "e") -> str:
    """'a, b e c'"""
    return f" {last} ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
