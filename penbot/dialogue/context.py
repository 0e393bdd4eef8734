"""How the conversation so far bends what was heard."""

from __future__ import annotations

import re
from dataclasses import replace

from penbot.dialogue.heard import Guess, Heard
from penbot.dialogue.state import State
from penbot.knowledge import Knowledge, Subject
from penbot.knowledge.model import ASK, PRODUCT, SPHERE
from penbot.language.durations import hours_mentioned
from penbot.language.text import LINKING_WORDS, fold, words

# Words that say nothing more than the name they stand beside: "é o módulo mesmo", "sou de prefeitura".
_FILLERS = LINKING_WORDS | frozenset(
    "eh era seria sobre com para pra pro quero falar saber mesmo aqui isso esse essa este esta sim ah entao sou somos"
    " caso na verdade quis dizer eu meu minha nosso nossa orgao por favor pfv pf agora so ta ok certo produto sistema"
    " esfera ou".split()
)
_SAME_CHANNEL = 1.6  # how much likelier a short question is about the channel just spoken of
_OF_THE_PRODUCT = 2.0
_SHORT = 6  # words
_AT_ALL = 0.05
_HARDLY_OUT, _LIKELY_OURS = 0.4, 0.1  # set on held-out phrases: docs/decisoes/004
OUT_OF_SCOPE = "fora_do_escopo"
NOT_UNDERSTOOD = "nlu_fallback"
DESCRIBED = "descrever_produto"


def only_names(heard: Heard) -> bool:
    """Whether a message only names something: 'o WSSEI', 'é o módulo', 'sou da prefeitura'."""
    if not heard.mentions:
        return False
    rest = [w.text for w in words(heard.text) if not any(m.start <= w.start < m.end for m in heard.mentions)]
    return all(word in _FILLERS for word in rest) and "?" not in heard.text.rstrip("? ")


def settled(heard: Heard, state: State, knowledge: Knowledge) -> State:
    """The state after what the text says in so many words: its product and its sphere.

    Who asks whether a city hall may use a product need not be of one: such a question sets no sphere.
    """
    spheres = heard.named(SPHERE)
    if len(spheres) == 1 and not heard.intent.startswith(ASK):
        state = state.about(esfera=spheres[0])
    products = tuple(id_ for id_ in heard.named(PRODUCT) if id_ in knowledge.products)
    if len(products) != 1 or state.pending:  # what the content no longer has is forgotten
        products = tuple(id_ for id_ in state.produto if id_ in knowledge.products)
    return state.about(produto=products)


def in_context(heard: Heard, state: State, knowledge: Knowledge) -> Heard:
    """The ranking, bent by what the text names and by what was spoken of before."""
    heard = _rather_a_doubt(rather_in_scope(heard))
    return _about_the_same_channel(_of_the_product(heard, state, knowledge), state, knowledge)


def rather_in_scope(heard: Heard) -> Heard:
    """When it is hardly likelier that a message is none of our business, it is taken for ours."""
    if heard.intent != OUT_OF_SCOPE or heard.ranking[0].confidence >= _HARDLY_OUT or len(heard.ranking) < 2:
        return heard
    rest = heard.ranking[1:]
    return replace(heard, ranking=rest) if rest[0].confidence >= _LIKELY_OURS else heard


_GOES_WRONG = re.compile(
    r"\b(err\w*|falh\w*|trav\w*|deu|par(ou|ad[oa]s?)|bug\w*|exce[cp]\w*|recus\w*|sumi\w*|lent\w*|fora do ar|problema\w*"
    r"|nao (abr|funcion|consig|consegu|aparec|carreg|cheg|vai|vem|sob|foi|fica|ger|grav|salv|env|receb|ass?in)\w*)\b"
)


def _rather_a_doubt(heard: Heard) -> Heard:
    """A question that tells of nothing going wrong is a doubt, however its words resemble those of errors."""
    if (
        heard.intent != "reportar_erro"
        or not ("?" in heard.text or asks(heard.text))
        or _GOES_WRONG.search(fold(heard.text))
    ):
        return heard
    swapped = {"reportar_erro": "registrar_duvida", "registrar_duvida": "reportar_erro"}
    return replace(heard, ranking=tuple(Guess(swapped.get(g.name, g.name), g.confidence) for g in heard.ranking))


def _of_the_product(heard: Heard, state: State, knowledge: Knowledge) -> Heard:
    """Who names a product, or speaks of the one before, asks about it rather than in general, and does not
    describe it."""
    if heard.pressed or not (heard.named(PRODUCT) or (state.product and refers_back(heard.text))):
        return heard
    facets = {facet.intent for facet in knowledge.facets.values()}
    ranking = [
        Guess(g.name, g.confidence * _OF_THE_PRODUCT if g.name in facets else g.confidence)
        for g in heard.ranking
        if g.name != DESCRIBED or heard.intent != DESCRIBED
    ]
    ranking.sort(key=lambda g: -g.confidence)
    return replace(heard, ranking=tuple(ranking)) if ranking and ranking[0].confidence >= _AT_ALL else heard


def _about_the_same_channel(heard: Heard, state: State, knowledge: Knowledge) -> Heard:
    """A short question that names no channel is likelier about the one just spoken of."""
    before = knowledge.by_intent.get(state.question or "")
    if heard.pressed or heard.named("canal") or not isinstance(before, Subject) or len(words(heard.text)) > _SHORT:
        return heard
    if before.theme not in knowledge.channels:
        return heard
    ranking = [
        Guess(
            g.name,
            g.confidence * _SAME_CHANNEL if _theme(g.name, knowledge) == before.theme else g.confidence,
        )
        for g in heard.ranking
    ]
    return replace(heard, ranking=tuple(sorted(ranking, key=lambda g: -g.confidence)))


_WHERE = re.compile(
    r"^(e |mas )?a?onde\b|\bpor onde\b|\b(qual|que|quais) (o )?(canal|canais|meio|lugar)\b"
    r"|\bquem (eu )?procuro|\bcom quem\b"
    r"|\bonde (eu |a gente |se |posso |devo |tenho que )?(pec|ped|solicit|abr|registr|report|mand|envi|tir|suger|sugir)"
)


def asks_where(text: str) -> bool:
    """Whether a message asks for the place to ask: 'por onde peço credencial?'"""
    return _WHERE.search(fold(text)) is not None


_QUESTION = re.compile(
    r"\?\s*$|^(e |mas |antes( disso)?,? )*(o que|oq|qual|quais|quem|quando|quantos?|quantas|onde|aonde|como|por ?que"
    r"|pq|posso|pode|da pra|tem como|existe|ha)\b|\bantes d(e|isso)\b"
)


def asks(text: str) -> bool:
    """Whether a message has the shape of a question."""
    return _QUESTION.search(fold(text)) is not None


_OWN_WISH = re.compile(r"\b(quer\w*|precis\w*|pec\w*|ped\w*|solicit\w*|sou|somos|como|gostari\w*|desej\w*|liber\w*)\b")


def asks_who_may_use(heard: Heard) -> bool:
    """Whether a message asks if a sphere may use a product, and does not ask for it: 'prefeitura tem acesso ao SEI?'"""
    asked = asks(heard.text) and bool(heard.named(SPHERE)) and bool(heard.named(PRODUCT))
    return asked and not heard.pressed and _OWN_WISH.search(fold(heard.text)) is None


_BACK = re.compile(r"^e\b|\b([dn]?el[ea]s?|[dn]?iss?to|disso|nisso|isso|[dn]?ess[ea]s?|[dn]?est[ea]s?)\b")


def refers_back(text: str) -> bool:
    """Whether a message speaks of what was spoken of before: 'e que tipos existem pra ele?'"""
    return _BACK.search(fold(text)) is not None


def follow_up(heard: Heard, state: State, knowledge: Knowledge) -> Subject | None:
    """The subject before, when all that is new is a length of time: 'e se já fizesse 3 dias?'"""
    before = knowledge.by_intent.get(state.question or "")
    if not isinstance(before, Subject) or before.prazo is None or heard.pressed:
        return None
    goes_on = words(heard.text)[:1] and words(heard.text)[0].text == "e"
    return before if goes_on and hours_mentioned(heard.text) is not None else None


def _theme(intent: str, knowledge: Knowledge) -> str | None:
    entry = knowledge.by_intent.get(intent)
    return entry.theme if isinstance(entry, Subject) else None
