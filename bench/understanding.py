"""How many of the held-out phrases a bot understands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from penbot.nlu.examples import OUT_OF_SCOPE, Example

_NOT_UNDERSTOOD = "nlu_fallback"


def understood(phrases: Sequence[Example], parses: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Shares in percent.

    `primeira` and `tres`: the right intent is the first, or among the first three, of the classifier's ranking
    (`nlu_fallback`, which FallbackClassifier puts on top where the threshold is missed, set aside).
    `fora` and `recusadas`: phrases out of scope, and phrases in scope, that the bot takes for out of scope or
    does not accept at its own threshold. One is worth little without the other. What could not be parsed ({})
    counts as neither.
    """
    rankings = [[guess["name"] for guess in parse.get("intent_ranking", [])] for parse in parses]
    guesses = [[name for name in ranking if name != _NOT_UNDERSTOOD] for ranking in rankings]
    refused = [parse.get("intent", {}).get("name") in (OUT_OF_SCOPE, _NOT_UNDERSTOOD) for parse in parses]
    outside = [phrase.intent == OUT_OF_SCOPE for phrase in phrases]
    intents = [phrase.intent for phrase in phrases]
    return {
        "primeira": _percent([wanted in names[:1] for wanted, names in zip(intents, guesses, strict=True)]),
        "tres": _percent([wanted in names[:3] for wanted, names in zip(intents, guesses, strict=True)]),
        "fora": _percent([no for no, out in zip(refused, outside, strict=True) if out]),
        "recusadas": _percent([no for no, out in zip(refused, outside, strict=True) if not out]),
    }


def _percent(hits: list[bool]) -> float:
    return 100 * sum(hits) / len(hits) if hits else 0.0
