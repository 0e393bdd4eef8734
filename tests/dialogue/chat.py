"""A conversation without Rasa: what is heard is made by hand, the rest is real."""

from penbot.dialogue.heard import Guess, Heard, pressed
from penbot.dialogue.respond import respond
from penbot.dialogue.state import State
from penbot.dialogue.turn import Office


class Chat:
    """One conversation: says things, keeps the state, finds the buttons."""

    def __init__(self, knowledge, tickets, clock, conversation):
        self.knowledge, self.slots, self.kept = knowledge, {}, None
        self.office = Office(tickets, conversation, clock)
        self.turn = None

    def say(self, text, intent="nomear", confidence=0.9):
        return self._hear(Heard(text, (Guess(intent, confidence),), tuple(self.knowledge.vocabulary.mentions(text))))

    def press(self, title):
        (button,) = [b for answer in self.turn.answers for b in answer.buttons if b.title == title]
        return self._hear(pressed(button))

    def _hear(self, heard):
        self.turn = respond(heard, self.state, self.knowledge, self.office)
        self.slots, self.kept = self.turn.state.to_slots(), self.turn.state.to_private()
        return "\n".join(answer.text for answer in self.turn.answers)

    @property
    def state(self):
        """As it comes back from the two stores."""
        return State.from_slots(self.slots).with_private(self.kept)

    @property
    def customs(self):
        return [answer.custom for answer in self.turn.answers if answer.custom]

    @property
    def titles(self):
        return [b.title for answer in self.turn.answers for b in answer.buttons]
