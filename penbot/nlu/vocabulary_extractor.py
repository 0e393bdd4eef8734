"""Rasa component: the names the live vocabulary knows, as entities. A new alias needs no training."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from penbot.app import app


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class VocabularyExtractor(GraphComponent, EntityExtractorMixin):
    """One entity for each meaning: an ambiguous name yields several over the same characters."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> VocabularyExtractor:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        vocabulary = app().store.current().vocabulary
        for message in messages:
            found = [
                {"entity": mention.kind, "value": id_, "start": mention.start, "end": mention.end}
                for mention in vocabulary.mentions(message.get(TEXT) or "")
                for id_ in mention.ids
            ]
            known = message.get(ENTITIES, [])
            message.set(ENTITIES, known + self.add_extractor_name(found), add_to_output=True)
        return messages
