"""Turns without Rasa: what a repeated, a concurrent or a broken message gets."""

import asyncio
import itertools

import pytest

from penbot.channel.door import typed
from penbot.channel.history import Exchange, mark
from penbot.channel.turns import Sent, Turns


class Store:
    """Stands for what Rasa keeps."""

    def __init__(self):
        self.kept = []

    async def exchanges(self, conversation):
        return list(self.kept)


class Bot:
    """Stands for Rasa: counts what it is asked, answers when it is let."""

    def __init__(self, store, answers=("oi",)):
        self.store, self.answers = store, answers
        self.asked = 0
        self.may = asyncio.Event()
        self.may.set()

    async def __call__(self, message):
        self.asked += 1
        await self.may.wait()
        for answer in self.answers:
            await message.output_channel.send_response(message.sender_id, {"text": answer})
        about = message.metadata
        answers = [{"id": f"{about['number']}-{n}", "text": text, "at": 0.0} for n, text in enumerate(self.answers)]
        self.store.kept.append(Exchange(about["number"], about["mark"], message.text, 0.0, answers))


def sent(number, text="bom dia"):
    return Sent("c" * 32, number, mark("text", text), typed(text))


async def told(turn):
    return [line async for line in turn.follow() if line["type"] != "beat"]


DONE = {"type": "end", "status": "done"}


@pytest.fixture
def store():
    return Store()


def turns(bot, store):
    return Turns(bot, store, lambda: "desculpe")


def test_each_answer_comes_and_then_the_end(store):
    async def run():
        return await told(turns(Bot(store, ("um", "dois")), store).take(sent(1)))

    assert asyncio.run(run()) == [
        {"type": "message", "id": "1-0", "text": "um"},
        {"type": "message", "id": "1-1", "text": "dois"},
        DONE,
    ]


def test_a_message_sent_again_gets_the_same_answer_and_runs_once(store):
    async def run():
        bot = Bot(store)
        one = turns(bot, store)
        first = await told(one.take(sent(1)))
        return first, await told(one.take(sent(1))), bot.asked

    first, second, asked = asyncio.run(run())
    assert first == second
    assert asked == 1


def test_after_a_restart_too(store):
    async def run():
        bot = Bot(store)
        first = await told(turns(bot, store).take(sent(1)))
        return first, await told(turns(bot, store).take(sent(1))), bot.asked

    first, second, asked = asyncio.run(run())
    assert first == second
    assert asked == 1


def test_two_that_send_it_at_once_follow_the_same_turn(store):
    async def run():
        bot = Bot(store)
        one = turns(bot, store)
        both = await asyncio.gather(told(one.take(sent(1))), told(one.take(sent(1))))
        return both, bot.asked

    (first, second), asked = asyncio.run(run())
    assert first == second
    assert asked == 1


def test_a_turn_goes_on_when_its_client_goes_away(store):
    async def run():
        bot = Bot(store)
        bot.may.clear()
        one = turns(bot, store)
        task = asyncio.create_task(told(one.take(sent(1))))
        await asyncio.sleep(0)
        task.cancel()
        bot.may.set()
        return await told(one.take(sent(1))), bot.asked

    lines, asked = asyncio.run(run())
    assert lines[-1] == DONE
    assert asked == 1


def test_a_silent_turn_beats(store):
    async def run():
        bot = Bot(store)
        bot.may.clear()
        lines = turns(bot, store).take(sent(1)).follow()
        beats = [await lines.__anext__() for _ in range(2)]
        bot.may.set()
        return beats

    assert asyncio.run(run()) == [{"type": "beat"}] * 2


@pytest.mark.parametrize("running", [True, False])
def test_a_number_that_another_message_has_is_told_with_the_next_one(store, running):
    async def run():
        bot = Bot(store)
        one = turns(bot, store)
        first = one.take(sent(1))
        if not running:
            await told(first)
        second = await told(one.take(sent(1, "outra coisa")))
        await told(first)
        return second, bot.asked

    lines, asked = asyncio.run(run())
    assert lines == [{"type": "end", "status": "conflict", "next": 2}]
    assert asked == 1


def test_what_breaks_is_told_and_may_be_tried_again(store):
    async def run():
        bot = Bot(store)
        tries = itertools.count()

        async def breaks_once(message):
            if next(tries) == 0:
                raise ConnectionError("por dentro")
            await bot(message)

        one = turns(breaks_once, store)
        return await told(one.take(sent(1))), await told(one.take(sent(1)))

    first, second = asyncio.run(run())
    assert first == [{"type": "end", "status": "error", "erro": "desculpe"}]
    assert second[-1] == DONE


def test_no_answer_at_all_is_an_error(store):
    async def run():
        return await told(turns(Bot(store, ()), store).take(sent(1)))

    assert asyncio.run(run()) == [{"type": "end", "status": "error", "erro": "desculpe"}]
