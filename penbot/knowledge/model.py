"""What the assistant knows: one frozen dataclass per kind of content, and the snapshot of all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from penbot.knowledge.vocabulary import Name, Vocabulary

ASK = "perguntar_"

PRODUCT, CHANNEL, SPHERE, SUPPORT = "produto", "canal", "esfera", "tipo_suporte"


@dataclass(frozen=True)
class Link:
    titulo: str
    url: str


@dataclass(frozen=True)
class Deadline:
    """What to say first when somebody tells how long ago it was (`horas`: the limit)."""

    horas: int
    dentro: str
    fora: str


@dataclass(frozen=True)
class Subject:
    """A question with one answer. Its id is `<file>.<key>`."""

    id: str
    titulo: str
    perguntas: tuple[str, ...]
    confere: tuple[str, ...]
    resposta: str
    fonte: str
    links: tuple[Link, ...] = ()
    prazo: Deadline | None = None
    geral_de: tuple[str, ...] = ()  # facets and support types it speaks of in general: for when no product is named
    com_produto: str = ""  # the facet that answers instead when the question names a product
    oferece_chamado: bool = False

    @property
    def intent(self) -> str:
        return ASK + self.id.replace(".", "_")

    @property
    def theme(self) -> str:
        return self.id.split(".")[0]


@dataclass(frozen=True)
class Item:
    """Anything with a name that can be asked about."""

    id: str
    nome: str
    artigo: str
    apelidos: tuple[str, ...]

    @property
    def forms(self) -> dict[str, str]:
        """The name as a sentence needs it: {o_item} 'o SEI', {do_item} 'do SEI', …"""
        a = self.artigo
        to = {"o": "ao", "a": "à", "os": "aos", "as": "às"}[a]
        forms = {"o": a, "do": f"d{a}", "no": f"n{a}", "ao": to, "para": f"para {a}"}
        return {"item": self.nome, **{f"{key}_item": f"{word} {self.nome}" for key, word in forms.items()}}


@dataclass(frozen=True)
class Product(Item):
    o_que_e: str
    para_que_serve: str
    disponivel_para: tuple[str, ...]
    suporte: tuple[str, ...]
    saber_mais: tuple[Link, ...]
    fonte: str
    anfitriao: bool = False  # others run inside it: named beside one of them, it is only the place
    dentro_de: str = ""  # the product it runs inside
    nao_e: tuple[str, ...] = ()
    pistas: tuple[str, ...] = ()
    descricoes: tuple[str, ...] = ()
    situacoes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confere: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    evidencias: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by support type, instead of the Term's


@dataclass(frozen=True)
class Channel(Item):
    """A channel; what is asked of it are the subjects `<id>.<key>`."""


@dataclass(frozen=True)
class Facet:
    """What can be asked of any product. `perguntas` are templates."""

    id: str
    titulo: str
    perguntas: tuple[str, ...]
    confere: tuple[str, ...]

    @property
    def intent(self) -> str:
        return ASK + self.id


@dataclass(frozen=True)
class Term:
    """A sphere or a support type. `frases` are templates that teach it; `vale_por`: the type it stands
    for where a product offers only that one ("acesso" to the NUP is access to its portal)."""

    id: str
    nome: str
    apelidos: tuple[str, ...]
    vale_por: str = ""
    frases: tuple[str, ...] = ()
    confere: tuple[str, ...] = ()
    evidencias: tuple[str, ...] = ()  # what makes the answer to such a ticket quicker


@dataclass(frozen=True)
class FormField:
    """A field of a ticket: its title, and the words people use for it when they change it."""

    id: str
    titulo: str
    palavras: tuple[str, ...]


@dataclass(frozen=True)
class Organs:
    """How requesters, their organs and their spheres are told by the words they use: see the file's comments."""

    id: str
    palavras: tuple[str, ...]
    sobrenomes: tuple[str, ...]
    antes_do_nome: tuple[str, ...]
    antes_do_orgao: tuple[str, ...]
    palavras_de_frase: tuple[str, ...]
    nao_e_nome: tuple[str, ...]
    nao_e_sigla: tuple[str, ...]
    rotulos: Mapping[str, tuple[str, ...]]  # 'nome', 'email', 'orgao', 'outro'
    dominios: Mapping[str, tuple[str, ...]]  # sphere -> ends of addresses
    no_estado: Mapping[str, tuple[str, ...]]  # sphere -> words before '.sp.gov.br'
    ufs: tuple[str, ...]
    pessoais: tuple[str, ...]  # domains of addresses that are nobody's office


@dataclass(frozen=True)
class SmallTalk:
    """A courtesy with its reply: no fact, so no source."""

    id: str
    titulo: str
    perguntas: tuple[str, ...]
    confere: tuple[str, ...]
    resposta: str
    fora_do_escopo: bool = False

    @property
    def intent(self) -> str:
        return f"conversa_{self.id}"


@dataclass(frozen=True)
class Question:
    """A question of WikiPEN with our answer. Its id is `<file>.<key>`; `fonte` is the page it comes from.

    `mais`: what is told when more is asked for. `sintomas`: what a screen or a message says where the
    entry is about a known problem.
    """

    id: str
    pergunta: str
    titulo: str
    produtos: tuple[str, ...]
    perguntas: tuple[str, ...]
    confere: tuple[str, ...]
    resposta: str
    fonte: str
    mais: str = ""
    sintomas: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """Every way of asking it that is known."""
        return tuple(dict.fromkeys((self.pergunta, self.titulo, *self.perguntas, *self.sintomas)))


@dataclass(frozen=True)
class Knowledge:
    """One immutable snapshot of knowledge/."""

    products: Mapping[str, Product]
    channels: Mapping[str, Channel]
    subjects: Mapping[str, Subject]
    facets: Mapping[str, Facet]
    spheres: Mapping[str, Term]
    support_types: Mapping[str, Term]
    small_talk: Mapping[str, SmallTalk]
    faq: Mapping[str, Question]
    form_fields: Mapping[str, FormField]
    organs: Organs
    out_of_scope: tuple[str, ...]
    out_of_scope_held_out: tuple[str, ...]
    ambiguous: Mapping[str, tuple[str, ...]]
    common_nouns: frozenset[tuple[str, ...]]
    synonyms: Mapping[str, tuple[str, ...]]
    messages: Mapping[str, str]
    version: str

    @property
    def items(self) -> dict[str, Product | Channel]:
        return {**self.products, **self.channels}

    @cached_property
    def themes(self) -> frozenset[str]:
        return frozenset(subject.theme for subject in self.subjects.values())

    @cached_property
    def by_intent(self) -> dict[str, Subject | Facet | SmallTalk]:
        entries: tuple[Subject | Facet | SmallTalk, ...]
        entries = (*self.subjects.values(), *self.facets.values(), *self.small_talk.values())
        return {entry.intent: entry for entry in entries}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.names(), self._texts())

    @cached_property
    def hints(self) -> Vocabulary:
        """Fingerprints: pieces of logs, screens and messages that tell the product without naming it."""
        names = (Name(PRODUCT, text, (p.id,)) for p in self.products.values() for text in p.pistas)
        return Vocabulary(names, self._texts())

    @cached_property
    def field_words(self) -> Vocabulary:
        """The words for the fields of a ticket: 'a esfera está errada'."""
        return Vocabulary(Name("campo", text, (f.id,)) for f in self.form_fields.values() for text in f.palavras)

    @cached_property
    def symptoms(self) -> Vocabulary:
        """What a screen or a message says about a known problem, with the entry of the FAQ that explains it."""
        return Vocabulary(Name("sintoma", text, (q.id,)) for q in self.faq.values() for text in q.sintomas)

    @cached_property
    def same_words(self) -> Vocabulary:
        """Words the classifier should read as one: 'nível 2' as 'n2'."""
        return Vocabulary(Name("sinonimo", text, (word,)) for word, texts in self.synonyms.items() for text in texts)

    @cached_property
    def general(self) -> Mapping[str, Subject]:
        """Facet or support type -> the subject that speaks of it in general."""
        return {id_: subject for subject in self.subjects.values() for id_ in subject.geral_de}

    def _texts(self) -> Iterator[str]:
        for subject in self.subjects.values():
            yield from (*subject.perguntas, subject.resposta)
        for product in self.products.values():
            yield from (product.o_que_e, product.para_que_serve)
            yield from (text for texts in product.situacoes.values() for text in texts)

    def names(self) -> Iterator[Name]:
        """Every name that the vocabulary finds, with what it stands for."""
        for kind, items in ((PRODUCT, self.products), (CHANNEL, self.channels)):
            for item in items.values():
                yield from (Name(kind, text, (item.id,)) for text in (item.nome, *item.apelidos))
        for product in self.products.values():
            yield from (Name(PRODUCT, text, ()) for text in product.nao_e)
        yield from (Name(PRODUCT, text, ids) for text, ids in self.ambiguous.items())
        for kind, terms in ((SPHERE, self.spheres), (SUPPORT, self.support_types)):
            for term in terms.values():
                yield from (Name(kind, text, (term.id,)) for text in (term.nome, *term.apelidos))

    def say(self, message: str, **values: object) -> str:
        """A sentence of mensagens.yml. KeyError: no such sentence, or a placeholder without a value."""
        text = self.messages[message].format(**values).strip()
        return text[:1].upper() + text[1:]

    def lines(self, message: str, **values: object) -> str:
        """The same, lines left empty by an empty value left out."""
        return "\n".join(line for line in self.say(message, **values).splitlines() if line.strip())
