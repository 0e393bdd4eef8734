"""What the assistant knows. Pure Python: no Rasa, no network, no clock."""

from penbot.knowledge.answer import Answer, Button
from penbot.knowledge.load import ContentError, load
from penbot.knowledge.model import Channel, Knowledge, Product, Question, Subject, Term
from penbot.knowledge.store import KnowledgeStore

__all__ = [
    "Answer", "Button", "Channel", "ContentError", "Knowledge", "KnowledgeStore", "Product", "Question", "Subject",
    "Term", "load",
]  # fmt: skip
