"""A message as the classifier reads it: names replaced by what they are, spelling mended, accents gone.

The text itself stays as it was typed; this is the classifier's own copy.
"""

from __future__ import annotations

from penbot.knowledge import Knowledge
from penbot.knowledge.model import CHANNEL, PRODUCT
from penbot.language.spelling import Speller
from penbot.language.text import phrase

PRODUCT_WORD = "sistema"
"""What stands for any product: the encoders know the word, and no name then speaks for a question."""


def masked(text: str, knowledge: Knowledge) -> str:
    """Products become one word, channels and synonyms their own, whatever people call them."""
    out, at = [], 0
    mentions = [*knowledge.vocabulary.mentions(text), *knowledge.same_words.mentions(text)]
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if mention.kind == PRODUCT:
            if phrase(text[mention.start : mention.end]) in knowledge.common_nouns:
                continue  # "quais são os módulos?" asks for something else than "quais são os sistemas?"
            word = PRODUCT_WORD
        elif mention.kind in (CHANNEL, "sinonimo") and len(mention.ids) == 1:
            word = mention.ids[0].replace("_", " ")
        else:
            continue
        if mention.start >= at:
            out += [text[at : mention.start], word]
            at = mention.end
    return "".join([*out, text[at:]])


def as_question(text: str, knowledge: Knowledge, speller: Speller) -> str:
    """For telling what is asked, of whatever product."""
    return speller(masked(text, knowledge))


def as_situation(text: str, speller: Speller) -> str:
    """For telling which product is spoken of."""
    return speller(text)
