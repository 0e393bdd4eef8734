"""Rasa importer: what the content implies, so that no file has to repeat it.

data/ and domain.yml say how a conversation is led. knowledge/ says what can be asked. This adds the
second to the first, in memory, whenever Rasa trains: intents, examples, and one rule for each intent.
"""

from __future__ import annotations

from functools import lru_cache

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from penbot.app import app
from penbot.nlu.examples import PRODUCT_TAUGHT, Example, filled, taught
from penbot.nlu.moves import ACTION


class KnowledgeImporter(RasaFileImporter):
    """Rasa's own file importer, with the content's share added."""

    def get_domain(self) -> Domain:
        return super().get_domain().merge(Domain.from_dict({"intents": self._intents()}))

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        rules = [
            {"rule": f"ouviu {intent}", "steps": [{"intent": intent}, {"action": ACTION}]} for intent in self._intents()
        ]
        steps = YAMLStoryReader().read_from_parsed_yaml({"version": "3.1", "rules": rules})
        return super().get_stories(exclusion_percentage).merge(StoryGraph(steps))

    def get_nlu_data(self, language: str | None = "pt") -> TrainingData:
        knowledge = app().store.current()
        forms = next(iter(knowledge.products.values())).forms
        moves = super().get_nlu_data(language)
        for message in moves.intent_examples:
            message.data[TEXT] = filled(message.data[TEXT], forms)
        return moves.merge(TrainingData([_message(example) for example in taught(knowledge)]))

    @staticmethod
    @lru_cache(maxsize=1)
    def _intents() -> list[str]:
        return sorted({example.intent for example in taught(app().store.current())})


def _message(example: Example) -> Message:
    data = {TEXT: example.text, INTENT: example.intent}
    return Message(data if example.product is None else {**data, PRODUCT_TAUGHT: example.product})
