"""What the assistant knows. Pure Python: no Rasa, no network, no clock."""

from penbot.knowledge.answer import Answer, Button
from penbot.knowledge.load import ContentError, load
from penbot.knowledge.model import Channel, Knowledge, Product, Subject, Term
from penbot.knowledge.store import KnowledgeStore

__all__ = [
    "Answer", "Button", "Channel", "ContentError", "Knowledge", "KnowledgeStore", "Product", "Subject", "Term", "load",
]  # fmt: skip
