"""Names of people and of organs in what somebody writes. The words that tell: knowledge/orgaos.yml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from penbot.knowledge import Knowledge
from penbot.knowledge.model import CHANNEL, PRODUCT
from penbot.language.text import LINKING_WORDS, Word, fold, words

LONGEST_NAME, LONGEST_ORGAN = 120, 200
_MOST_NAMES = 8  # of one person

_SEPARATOR = re.compile(
    r"[\n;,:|•()\[\]<>\"“”«»*]+|\s+[-–—/]\s+"
    r"|(?<=\w\w\w)[.!?](?=\s+(?!d[aeo]s?\s)|\s*$)"  # not in 'Pref. de Itu'
)
_NAME = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*\.?")
_INITIALS = re.compile(r"(?=.{2,10}$)[A-ZÀ-Ý]\w*[A-ZÀ-Ý][a-z]{0,2}\d{0,2}")  # 'MGI', 'CNPq', 'TRT9'

_INSIDE_NAMES = frozenset("de da do das dos e".split())
_BEFORE_ORGANS = (LINKING_WORDS - {"e"}) | {"pelo", "pela"}


class _Phrases:
    """A list of words and phrases, found in folded words."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._known = {tuple(word.text for word in words(text)) for text in texts}
        self._longest = max(map(len, self._known), default=0)

    def at(self, tokens: Sequence[Word], start: int) -> int:
        """How many words of the longest one stand here; 0 if none does."""
        sizes = range(min(self._longest, len(tokens) - start), 0, -1)
        return next((n for n in sizes if tuple(t.text for t in tokens[start : start + n]) in self._known), 0)


class Reader:
    """One text without labels and addresses. `institution`: words of the address it came with, if official."""

    def __init__(self, text: str, knowledge: Knowledge, institution: frozenset[str] = frozenset()) -> None:
        self._text = text
        self._knowledge = knowledge
        organs = knowledge.organs
        self._organ_words = _Phrases(organs.palavras)
        self._before_names = _Phrases(organs.antes_do_nome)
        self._surnames = _folded(organs.sobrenomes)
        self._before_organs = _folded(organs.antes_do_orgao)
        self._sentence = _folded(organs.palavras_de_frase) - LINKING_WORDS
        self._no_name = (_folded(organs.nao_e_nome) | self._sentence | self._before_organs) - LINKING_WORDS
        self._no_initials = _folded(organs.nao_e_sigla)
        self._known_initials = _known_initials(knowledge) | institution
        self._shouting = not any(c.islower() for c in text)
        self._parts = list(self._split())

    def read(self) -> tuple[str | None, str | None]:
        """Name and organ."""
        organ, used, before = self._organ()
        pieces = [part for n, part in enumerate(self._parts) if n not in used]
        found = [self._name(tokens) for tokens in ([before] if before else []) + pieces]
        names = [name for name in found if name]
        return max(names, key=lambda name: " " in name, default=None), organ

    def whole_name(self) -> str | None:
        return self._name([word for part in self._parts[:1] for word in part], led=True)

    def whole_organ(self) -> str | None:
        tokens = [word for part in self._parts for word in part]
        return self._written(tokens[: self._end_of_organ(tokens, 0)])

    def _split(self) -> Iterator[list[Word]]:
        at = 0
        for separator in [*_SEPARATOR.finditer(self._text), None]:
            end = separator.start() if separator else len(self._text)
            if tokens := words(self._text[at:end]):
                yield [Word(t.text, t.start + at, t.end + at) for t in tokens]
            at = separator.end() if separator else end

    # organs

    def _organ(self) -> tuple[str | None, set[int], list[Word]]:
        """The organ, the parts its name took, and the words before it in the first of them."""
        for begins in (self._telling_word, self._initials):
            for n, tokens in enumerate(self._parts):
                at = next((i for i in range(len(tokens)) if begins(tokens, i)), None)
                if at is not None:
                    taken, used = self._extended(n, at)
                    return self._written(taken), used, tokens[:at]
        return None, set(), []

    def _telling_word(self, tokens: Sequence[Word], at: int) -> bool:
        size = self._organ_words.at(tokens, at)
        if not size or (at and not self._linked(tokens, at) and tokens[at].text in self._surnames):
            return False
        alone = self._end_of_organ(tokens, at) <= at + size
        return not alone or self._introduces(tokens[:at])

    def _initials(self, tokens: Sequence[Word], at: int) -> bool:
        if not self._are_initials(tokens, at):
            return False
        if at == 0:
            return all(self._is_state(token) for token in tokens[1:])
        last = at == len(tokens) - 1 and tokens[at].text in self._known_initials
        return (last or self._linked(tokens, at)) and self._introduces(tokens[:at])

    def _are_initials(self, tokens: Sequence[Word], at: int) -> bool:
        token, raw = tokens[at], self._raw(tokens[at])
        if token.text in self._no_initials:
            return False
        if token.text in self._known_initials:
            return True
        if not _INITIALS.fullmatch(raw) or (self._shouting and raw.isalpha()):  # all in capitals: 'ANA LIMA'
            return False
        if len(raw) == 2 and not (at + 1 < len(tokens) and self._is_state(tokens[at + 1])):
            return False
        return not any(m.kind in (PRODUCT, CHANNEL) for m in self._knowledge.vocabulary.mentions(raw))

    def _linked(self, tokens: Sequence[Word], at: int) -> bool:
        """Whether this follows from what is before: 'da prefeitura', 'órgão MGI', 'Ana/MGI'."""
        between = self._text[tokens[at - 1].end : tokens[at].start]
        return tokens[at - 1].text in _BEFORE_ORGANS | self._before_organs or "/" in between or "-" in between

    def _introduces(self, before: Sequence[Word]) -> bool:
        """Whether these words say who somebody is, not what happens to them."""
        at = self._skipped(before)
        return not any(word.text in self._no_name - self._before_organs for word in before[at:])

    def _extended(self, n: int, at: int) -> tuple[list[Word], set[int]]:
        """The words of an organ that begins here, over the commas and brackets inside its name."""
        end = self._end_of_organ(self._parts[n], at)
        taken, used = self._parts[n][at:end], {n}
        whole = end == len(self._parts[n])
        while whole and n + 1 < len(self._parts) and self._goes_on(taken[-1], n + 1):
            n += 1
            end = self._end_of_organ(self._parts[n], 0)
            taken, whole = taken + self._parts[n][:end], end == len(self._parts[n])
            used.add(n)
        return taken, used

    def _goes_on(self, last: Word, n: int) -> bool:
        tokens = self._parts[n]
        between = self._text[last.end : tokens[0].start]
        if "\n" in between or ";" in between:
            return False
        if self._telling_word(tokens, 0) or all(self._is_state(token) for token in tokens):
            return True
        if "," in between:
            return self._ends_a_list(n)
        return len(tokens) <= 2 and self._are_initials(tokens, 0)

    def _ends_a_list(self, n: int) -> bool:
        """'…, Tecnologia e Inovação': the end of a ministry's name, or a word on the way to it."""
        tokens = self._parts[n]
        if any(word.text in self._sentence for word in tokens):
            return False
        if len(tokens) > 2:
            return tokens[0].text == "e" or tokens[1].text == "e"
        more = n + 1 < len(self._parts) and len(tokens) == 1
        return more and "," in self._text[tokens[-1].end : self._parts[n + 1][0].start] and self._ends_a_list(n + 1)

    def _end_of_organ(self, tokens: Sequence[Word], at: int) -> int:
        """Where a sentence goes on after an organ's name: 'a prefeitura de Itu | não consegue…'."""
        after = (
            i for i in range(at, len(tokens)) if tokens[i].text in self._sentence and not self._is_state(tokens[i])
        )
        end = next(after, len(tokens))
        while end > at and tokens[end - 1].text in LINKING_WORDS:
            end -= 1
        return end

    def _written(self, tokens: Sequence[Word]) -> str | None:
        if not tokens:
            return None
        raw = " ".join(self._text[tokens[0].start : tokens[-1].end].split())
        raw += ")" * (raw.count("(") - raw.count(")"))
        return raw if 2 <= len(raw) <= LONGEST_ORGAN and any(c.isalpha() for c in raw) else None

    def _is_state(self, token: Word) -> bool:
        return token.text in self._knowledge.organs.ufs and self._raw(token).isupper()

    # names

    def _name(self, tokens: Sequence[Word], *, led: bool = False) -> str | None:
        """A person's name. `led`: it is known to be one, as after 'meu nome é'."""
        at = self._skipped(tokens)
        led = led or at > 0
        end = next((i for i in range(at, len(tokens)) if tokens[i].text in self._no_name), len(tokens))
        if end < len(tokens) and not led and tokens[end].text not in self._before_organs:
            return None
        while end > at and tokens[end - 1].text in LINKING_WORDS:
            end -= 1
        while at < end and tokens[at].text in LINKING_WORDS:
            at += 1
        taken = tokens[at:end]
        strange = {word.text for word in taken} & (LINKING_WORDS - _INSIDE_NAMES)
        if not taken or strange or len([w for w in taken if w.text not in LINKING_WORDS]) > _MOST_NAMES:
            return None
        raw = " ".join(self._text[taken[0].start : taken[-1].end].split())
        return raw if 2 <= len(raw) <= LONGEST_NAME and _NAME.fullmatch(raw) else None

    def _skipped(self, tokens: Sequence[Word]) -> int:
        """How many words only introduce a name: 'bom dia, meu nome é'."""
        at = 0
        while size := self._before_names.at(tokens, at):
            at += size
        return at

    def _raw(self, token: Word) -> str:
        return self._text[token.start : token.end]


def _folded(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word.text for text in texts for word in words(text))


def _known_initials(knowledge: Knowledge) -> frozenset[str]:
    """The spheres' aliases that are initials: 'MGI', 'CNPq'."""
    aliases = (alias for term in knowledge.spheres.values() for alias in term.apelidos)
    return frozenset(fold(alias) for alias in aliases if sum(c.isupper() for c in alias) > 1 and alias.isalnum())
