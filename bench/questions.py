"""How well the FAQ is found, and how fast: the table of docs/decisoes/008.

Two exams. `confere`: the held-out phrases of each entry, written in words that its other phrases avoid.
`jeitos`: the ways of asking it that teach, a fifth of them left out at a time. Right is the entry, or the
page it comes from. With --ajusta, also the weights of penbot/nlu/question_index.py that fit them best.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from bench.plain_data import examples
from penbot.knowledge import Knowledge, Question, load
from penbot.knowledge.model import PRODUCT
from penbot.language.text import has_words
from penbot.nlu.encoders import encoder
from penbot.nlu.examples import held_out
from penbot.nlu.question_index import Evidence, Memory, QuestionIndex
from penbot.nlu.text_classifier import TextClassifier, View
from penbot.settings import Settings

Scores = npt.NDArray[np.float32]
_PARTS = 5
_MANY = 1000  # entries for the measure of speed


@dataclass(frozen=True)
class Asked:
    """A phrase, its entry, the products it names, and what the index makes of it."""

    text: str
    entry: int
    products: tuple[str, ...]
    evidence: Evidence
    classifier: Scores


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="bench.questions", description="Mede como as perguntas da WikiPEN são achadas"
    )
    parser.add_argument("--codificador", default="use", help="use (o que se usa) ou e5 (melhor, e lento)")
    parser.add_argument("--ajusta", action="store_true", help="mostra também os pesos que melhor se ajustam")
    options = parser.parse_args(argv)
    knowledge = load(Settings.read().knowledge)
    bench = Bench(knowledge, options.codificador)
    exams = {"confere": bench.held_out(), "jeitos": bench.left_out()}
    print("| como se acha | exame | 1º certo | entre 3 | página certa | página entre 4 |")
    print("|---|---|---|---|---|---|")
    for name, scores in METHODS.items():
        for exam, phrases in exams.items():
            print(f"| {name} | {exam} | " + " | ".join(bench.shares(phrases, scores)) + " |")
    print(
        "| tudo junto | a própria pergunta | "
        + " | ".join(bench.shares(bench.verbatim(), METHODS["tudo junto"]))
        + " |"
    )
    print()
    bench.tell_at_all(exams)
    bench.tell_speed()
    if options.ajusta:
        bench.tell_fitted(exams)
    return 0


METHODS: dict[str, Callable[[Asked], Scores]] = {
    "pedaços de palavras (BM25)": lambda a: a.evidence.pieces,
    "vetores de frases": lambda a: a.evidence.near,
    "o classificador de 004": lambda a: a.classifier,
    "vetores e pedaços": lambda a: replace(a.evidence, named=np.zeros_like(a.evidence.named)).scores,
    "tudo junto": lambda a: a.evidence.scores,
    "tudo junto e o classificador": lambda a: a.evidence.scores + 0.3 * np.log(a.classifier + 1e-6),
}


class Bench:
    def __init__(self, knowledge: Knowledge, encoder_name: str) -> None:
        self._knowledge, self._encoder = knowledge, encoder_name
        self._questions = list(knowledge.faq.values())
        self._texts = [text for texts in examples(knowledge).values() for text in texts if has_words(text)]
        vectors = np.vstack([encoder(encoder_name)(self._texts[i : i + 64]) for i in range(0, len(self._texts), 64)])
        self._memory = Memory(encoder(encoder_name), View.of(vectors))
        self._others = self._memory(self._texts)

    # --- exams ---------------------------------------------------------------

    def held_out(self) -> list[Asked]:
        return self._asked(self._questions, [(t, i) for i, q in enumerate(self._questions) for t in q.confere])

    def verbatim(self) -> list[Asked]:
        return self._asked(self._questions, [(q.pergunta, i) for i, q in enumerate(self._questions)])

    def left_out(self) -> list[Asked]:
        parts = random.Random(1)
        phrases = [(t, i, parts.randrange(_PARTS)) for i, q in enumerate(self._questions) for t in q.perguntas]
        found: list[Asked] = []
        for part in range(_PARTS):
            gone = [(text, i) for text, i, n in phrases if n == part]
            without = [
                replace(q, perguntas=tuple(t for t, j, n in phrases if j == i and n != part))
                for i, q in enumerate(self._questions)
            ]
            found += self._asked(without, gone)
        return found

    def _asked(self, questions: list[Question], phrases: list[tuple[str, int]]) -> list[Asked]:
        index = QuestionIndex(questions, self._memory, self._others)
        classifier = TextClassifier((self._encoder,)) if self._encoder == "use" else TextClassifier(())
        taught = [(text, f"{i:04}") for i, q in enumerate(questions) for text in q.asked]
        classifier.fit([text for text, _ in taught], [label for _, label in taught])
        chances = classifier.predict([text for text, _ in phrases])
        found = []
        for (text, i), row in zip(phrases, chances, strict=True):
            products = self._named(text)
            found.append(Asked(text, i, products, index.evidence(text, products), row))
        return found

    def _named(self, text: str) -> tuple[str, ...]:
        return tuple(id_ for m in self._knowledge.vocabulary.mentions(text) if m.kind == PRODUCT for id_ in m.ids)

    # --- what is told --------------------------------------------------------

    def shares(self, phrases: Sequence[Asked], scores: Callable[[Asked], Scores]) -> Iterator[str]:
        pages = [question.fonte for question in self._questions]
        best = [np.argsort(-scores(asked))[:4] for asked in phrases]
        right = [asked.entry for asked in phrases]
        yield _percent([b[0] == r for b, r in zip(best, right, strict=True)])
        yield _percent([r in b[:3] for b, r in zip(best, right, strict=True)])
        yield _percent([pages[b[0]] == pages[r] for b, r in zip(best, right, strict=True)])
        yield _percent([pages[r] in [pages[i] for i in b] for b, r in zip(best, right, strict=True)])

    def tell_at_all(self, exams: dict[str, list[Asked]]) -> None:
        """How the FAQ is told from the rest, for several thresholds."""
        at_all = {name: [a.evidence.at_all for a in asked] for name, asked in exams.items()}
        for kind, texts in self._other_phrases().items():
            at_all[kind] = [e.at_all for e in texts]
        print("| tomado por pergunta da WikiPEN a partir de | " + " | ".join(at_all) + " |")
        print("|---|" + "---|" * len(at_all))
        for limit in (0.3, 0.5, 0.7, 0.85):
            print(f"| {limit} | " + " | ".join(_percent([c >= limit for c in some]) for some in at_all.values()) + " |")
        print()

    def _other_phrases(self) -> dict[str, list[Evidence]]:
        index = QuestionIndex(self._questions, self._memory, self._others)
        found: dict[str, list[Evidence]] = {"guia": [], "dúvidas": [], "pedidos": [], "fora do escopo": []}
        for example in held_out(self._knowledge):
            if not has_words(example.text):
                continue
            kind = {"registrar_duvida": "dúvidas", "fora_do_escopo": "fora do escopo"}.get(
                example.intent, "pedidos" if example.intent in self._knowledge.support_types else "guia"
            )
            found[kind].append(index.evidence(example.text, self._named(example.text)))
        return found

    def tell_speed(self) -> None:
        """Of an index of a thousand entries: these, repeated under other names, every phrase a little another."""
        copies = [
            replace(q, id=f"{q.id}_{n}", perguntas=tuple(f"{t} {n}" for t in q.perguntas), titulo=f"{q.titulo} {n}")
            for n in range(-(-_MANY // len(self._questions)))
            for q in self._questions
        ][:_MANY]
        QuestionIndex(copies, self._memory, self._others)  # everything encoded once
        changed = [replace(copies[0], perguntas=(*copies[0].perguntas, "e se eu mudar de ideia?")), *copies[1:]]
        started = time.perf_counter()
        index = QuestionIndex(changed, self._memory, self._others)
        rebuilt = time.perf_counter() - started
        times = []
        for asked in self._questions[:200]:
            products = self._named(asked.confere[0])
            started = time.perf_counter()
            index.ranking(asked.confere[0], products)
            times.append(1000 * (time.perf_counter() - started))
        print(
            f"{len(changed)} entradas: refeito em {rebuilt:.2f} s depois de uma mudança; uma frase leva "
            f"{statistics.median(times):.1f} ms (95 %: {statistics.quantiles(times, n=20)[-1]:.1f} ms)\n"
        )

    def tell_fitted(self, exams: dict[str, list[Asked]]) -> None:
        for name, asked in exams.items():
            print(f"pesos (vetores, pedaços, produto) para {name}:", _fitted(asked).round(2))
        others = [e for kind, some in self._other_phrases().items() if kind != "dúvidas" for e in some]
        ours = [a.evidence for asked in exams.values() for a in asked]
        rows = [(e.ours, e.others, float(e.scores.max())) for e in (*ours, *others)]
        fit = LogisticRegression(C=10, max_iter=2000).fit(rows, [1] * len(ours) + [0] * len(others))
        print("pergunta-se a WikiPEN? (nossas, outras, melhor, viés):", fit.coef_[0].round(2), fit.intercept_.round(2))


def _fitted(phrases: Sequence[Asked]) -> npt.NDArray[np.float64]:
    """The weights under which the right entries are likeliest."""
    parts = np.stack([np.stack([a.evidence.near, a.evidence.pieces, a.evidence.named], -1) for a in phrases])
    right = np.arange(len(phrases)), np.array([a.entry for a in phrases])

    def surprise(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        scores = parts @ weights
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        slope = np.einsum("pe,pew->w", chances, parts) - parts[right].sum(axis=0)
        return float(-np.log(chances[right] + 1e-12).mean()), slope / len(phrases)

    return np.asarray(minimize(surprise, np.array([10.0, 0.1, 1.0]), jac=True, method="L-BFGS-B").x)


def _percent(hits: Sequence[bool]) -> str:
    return f"{100 * sum(hits) / len(hits):.1f} %".replace(".", ",") if hits else "–"


if __name__ == "__main__":
    sys.exit(main())
