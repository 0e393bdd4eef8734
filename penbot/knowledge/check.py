"""Content rules. One function a rule; its name is the rule's, its docstring the help.

A rule yields (file, key, message); the line is found from the key. To write a new one: decorate it, and add
tests/checks/<rule-name>/ with a wrong file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import yaml

from penbot.knowledge.load import ContentError, load
from penbot.knowledge.model import Knowledge, Link, Question, Subject
from penbot.language.text import phrase

Finding = tuple[str, str, str]
Rule = Callable[[Knowledge], Iterator[Finding]]
RULES: dict[str, Rule] = {}

LONGEST_ANSWER = 600  # characters; a list of everything may have more
LONGEST_LIST = 800
LONGEST_SENTENCE = 25  # words
FEWEST_PHRASES = 6
WIKIPEN = "https://wiki.processoeletronico.gov.br/pt-br/latest/"
_SENTENCE_ENDS = re.compile(r"(?<=[.!?;:])\s+|\n")
_FORMS = {"item", "o_item", "do_item", "no_item", "ao_item", "para_item"}


@dataclass(frozen=True, order=True)
class Problem:
    path: str
    line: int
    message: str
    rule: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message} [{self.rule}]"


def rule(function: Rule) -> Rule:
    RULES[function.__name__.replace("_", "-")] = function
    return function


def check(root: Path) -> list[Problem]:
    """Every problem of a content folder; only the first where a file cannot be read at all."""
    try:
        knowledge = load(root)
    except ContentError as err:
        path, line, message = re.split(r":(?=\d+:)|(?<=\d):", str(err), maxsplit=2)
        return [Problem(path, int(line), message.strip(), "leitura")]
    return sorted(
        Problem(str(root / file), _line(root / file, key), message, name)
        for name, function in RULES.items()
        for file, key, message in function(knowledge)
    )


def _line(path: Path, key: str) -> int:
    """The line of a key, given as 'a.b.c'."""
    node: yaml.Node | None = yaml.compose(path.read_text(encoding="utf-8"))
    line = 1
    for part in key.split("."):
        if not isinstance(node, yaml.MappingNode):
            break
        found = next(((k, v) for k, v in node.value if k.value == part), None)
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line


Entry = Subject | Question


def _entries(knowledge: Knowledge) -> tuple[Entry, ...]:
    return (*knowledge.subjects.values(), *knowledge.faq.values())


def _place(knowledge: Knowledge, entry: Entry, key: str) -> tuple[str, str]:
    """The file of an entry and where the key stands in it."""
    file, name = entry.id.split(".")
    folder = "canais" if file in knowledge.channels else "topicos"
    return f"{'faq' if isinstance(entry, Question) else folder}/{file}.yml", f"assuntos.{name}.{key}"


@rule
def termo_desconhecido(knowledge: Knowledge) -> Iterator[Finding]:
    """Esfera ou tipo de suporte que não está em vocabulario.yml.

    Ruim: disponivel_para: [federall]
    Bom:  disponivel_para: [executivo_federal]
    """
    for product in knowledge.products.values():
        for key, terms in (("disponivel_para", knowledge.spheres), ("suporte", knowledge.support_types)):
            for id_ in getattr(product, key):
                if id_ not in terms:
                    yield (
                        f"produtos/{product.id}.yml",
                        key,
                        f"«{id_}» não existe; use um de: {', '.join(terms)}",
                    )
        for key in ("situacoes", "confere", "evidencias"):
            for id_ in getattr(product, key):
                if id_ not in product.suporte:
                    yield (
                        f"produtos/{product.id}.yml",
                        f"{key}.{id_}",
                        f"«{id_}» não está em `suporte` deste produto",
                    )
    for key in ("dominios", "no_estado"):
        for id_ in getattr(knowledge.organs, key):
            if id_ not in knowledge.spheres:
                yield "orgaos.yml", f"{key}.{id_}", f"«{id_}» não existe; use um de: {', '.join(knowledge.spheres)}"


@rule
def produto_desconhecido(knowledge: Knowledge) -> Iterator[Finding]:
    """Nome ambíguo, `dentro_de` ou pergunta da WikiPEN que aponta para um produto que não existe."""
    for name, ids in knowledge.ambiguous.items():
        for id_ in ids:
            if id_ not in knowledge.products:
                yield "nomes_ambiguos.yml", "grupos", f"«{name}» aponta para «{id_}», que não é um produto"
    for product in knowledge.products.values():
        if product.dentro_de and product.dentro_de not in knowledge.products:
            yield f"produtos/{product.id}.yml", "dentro_de", f"«{product.dentro_de}» não é um produto"
    for question in knowledge.faq.values():
        for id_ in question.produtos:
            if id_ not in knowledge.products:
                yield *_place(knowledge, question, "produtos"), f"«{id_}» não é um produto"


@rule
def apelido_repetido(knowledge: Knowledge) -> Iterator[Finding]:
    """O mesmo apelido em dois produtos, sem estar em nomes_ambiguos.yml.

    Ruim: `tramita` em `apelidos` de dois produtos
    Bom:  `tramita` em nomes_ambiguos.yml, com os dois produtos
    """
    owners: dict[tuple[str, ...], str] = {}
    declared = {phrase(name) for name in knowledge.ambiguous}
    for item in knowledge.items.values():
        folder = "produtos" if item.id in knowledge.products else "canais"
        for name in (item.nome, *item.apelidos):
            owner = owners.setdefault(phrase(name), item.id)
            if owner != item.id and phrase(name) not in declared:
                yield (
                    f"{folder}/{item.id}.yml",
                    "apelidos",
                    f"«{name}» já é nome de «{owner}»; se serve aos dois, vai em nomes_ambiguos.yml",
                )


@rule
def pergunta_repetida(knowledge: Knowledge) -> Iterator[Finding]:
    """A mesma pergunta ensinada em dois assuntos: o assistente não tem como escolher."""
    owners: dict[tuple[str, ...], str] = {}
    for entry in _entries(knowledge):
        for key, texts in _taught(entry):
            for text in texts:
                owner = owners.setdefault(phrase(text), entry.id)
                if owner != entry.id:
                    yield *_place(knowledge, entry, key), f"«{text}» já está em «{owner}»"


def _taught(entry: Entry) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(entry, Question):
        yield from (("pergunta", (entry.pergunta,)), ("titulo", (entry.titulo,)), ("sintomas", entry.sintomas))
    yield "perguntas", entry.perguntas


@rule
def conferencia_repetida(knowledge: Knowledge) -> Iterator[Finding]:
    """Frase de `confere` que também ensina: assim ela não confere nada."""
    for entry in _entries(knowledge):
        taught = {phrase(text): key for key, texts in _taught(entry) for text in texts}
        for text in entry.confere:
            if phrase(text) in taught:
                yield *_place(knowledge, entry, "confere"), f"«{text}» já está em `{taught[phrase(text)]}`"


@rule
def resposta_longa(knowledge: Knowledge) -> Iterator[Finding]:
    """Resposta que não cabe no painel da conversa: até 600 caracteres, ou 800 se for uma lista.

    O resto de uma resposta de faq/ vai em `mais`, que aparece quando a pessoa pede.
    """
    for entry in _entries(knowledge):
        is_list = isinstance(entry, Subject) and "\n- " in entry.resposta
        longest = LONGEST_LIST if is_list else LONGEST_ANSWER
        if len(entry.resposta) > longest:
            yield (
                *_place(knowledge, entry, "resposta"),
                f"a resposta tem {len(entry.resposta)} caracteres; o limite é {longest}",
            )


@rule
def titulo_longo(knowledge: Knowledge) -> Iterator[Finding]:
    """Título que não cabe num botão: até 45 caracteres."""
    for entry in _entries(knowledge):
        if len(entry.titulo) > 45:
            yield (
                *_place(knowledge, entry, "titulo"),
                f"o título tem {len(entry.titulo)} caracteres; o limite é 45",
            )


@rule
def frase_longa(knowledge: Knowledge) -> Iterator[Finding]:
    """Frase difícil de ler: até 25 palavras entre dois sinais (ponto, dois-pontos, ponto e vírgula) ou linhas."""
    for entry in _entries(knowledge):
        texts = {"resposta": entry.resposta, "mais": entry.mais if isinstance(entry, Question) else ""}
        for key, text in texts.items():
            for sentence in _SENTENCE_ENDS.split(text):
                if len(sentence.split()) > LONGEST_SENTENCE:
                    start = " ".join(sentence.split()[:5])
                    yield (
                        *_place(knowledge, entry, key),
                        f"a frase «{start}…» tem {len(sentence.split())} palavras; o limite é {LONGEST_SENTENCE}",
                    )


@rule
def poucas_perguntas(knowledge: Knowledge) -> Iterator[Finding]:
    """Pergunta da WikiPEN com menos de 6 jeitos de perguntar: quem usa outras palavras não a encontra."""
    for question in knowledge.faq.values():
        if len(question.perguntas) < FEWEST_PHRASES:
            yield (
                *_place(knowledge, question, "perguntas"),
                f"há {len(question.perguntas)} jeitos de perguntar; são necessários {FEWEST_PHRASES}",
            )


@rule
def fonte_de_fora(knowledge: Knowledge) -> Iterator[Finding]:
    """Resposta de faq/ que não diz de que página da WikiPEN vem.

    Ruim: fonte: WikiPEN, perguntas frequentes
    Bom:  fonte: https://wiki.processoeletronico.gov.br/pt-br/latest/….html
    """
    for question in knowledge.faq.values():
        if not re.fullmatch(rf"{re.escape(WIKIPEN)}[^\s\[\]<>]+\.html", question.fonte):
            place = _place(knowledge, question, "fonte")
            yield *place, f"«{question.fonte}» não é uma página da WikiPEN; use {WIKIPEN}….html"


@rule
def endereco_errado(knowledge: Knowledge) -> Iterator[Finding]:
    """Endereço sem https ou malformado (colchete, espaço, barra depois de .html)."""
    links: list[tuple[str, str, Link]] = []
    for product in knowledge.products.values():
        links += [(f"produtos/{product.id}.yml", "saber_mais", link) for link in product.saber_mais]
    for subject in _entries(knowledge):
        links += [(*_place(knowledge, subject, "links"), link) for link in subject.links]
    for file, key, link in links:
        if not re.fullmatch(r"https://[^\s\[\]<>]+", link.url) or link.url.endswith(".html/"):
            yield (
                file,
                key,
                f"«{link.url}» não é um endereço certo; use https://… sem colchetes, espaços nem barra depois de .html",
            )


@rule
def faceta_sem_texto(knowledge: Knowledge) -> Iterator[Finding]:
    """Coisa que se pergunta de um produto sem que o programa saiba responder."""
    from penbot.knowledge.answer import FACETS

    for id_ in set(knowledge.facets) ^ set(FACETS):
        yield (
            "facetas.yml",
            id_,
            f"«{id_}»: facetas.yml e o programa não têm as mesmas; o programa tem: {', '.join(FACETS)}",
        )


@rule
def lacuna_desconhecida(knowledge: Knowledge) -> Iterator[Finding]:
    """Palavra entre chaves que o programa não preenche num modelo de pergunta."""
    templates: dict[str, tuple[str, tuple[str, ...]]] = {}
    for facet in knowledge.facets.values():
        templates[f"{facet.id}.perguntas"] = ("facetas.yml", (*facet.perguntas, *facet.confere))
    for term in knowledge.support_types.values():
        templates[f"tipo_suporte.{term.id}.frases"] = ("vocabulario.yml", (*term.frases, *term.confere))
    for key, (file, texts) in templates.items():
        for text in texts:
            try:
                unknown = {name for _, name, _, _ in Formatter().parse(text) if name is not None} - _FORMS
            except ValueError:
                yield file, key, f"«{text}»: falta fechar ou abrir uma chave"
                continue
            if unknown:
                yield (
                    file,
                    key,
                    f"«{text}»: {{{unknown.pop()}}} não existe; use um de: {', '.join(sorted(_FORMS))}",
                )


@rule
def geral_de_nada(knowledge: Knowledge) -> Iterator[Finding]:
    """`geral_de` que não é faceta nem tipo de suporte, ou que está em dois assuntos."""
    known = {*knowledge.facets, *knowledge.support_types}
    owners: dict[str, list[str]] = defaultdict(list)
    for subject in knowledge.subjects.values():
        for id_ in subject.geral_de:
            owners[id_].append(subject.id)
            if id_ not in known:
                yield (
                    *_place(knowledge, subject, "geral_de"),
                    f"«{id_}» não existe; use um de: {', '.join(sorted(known))}",
                )
            elif len(owners[id_]) > 1:
                yield *_place(knowledge, subject, "geral_de"), f"«{id_}» já está em «{owners[id_][0]}»"
