from penbot.channel.limits import Limit


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_so_many_a_minute_and_no_more():
    limit = Limit(2, Clock())

    assert [limit.wait("ana") for _ in range(3)] == [0, 0, 61]


def test_one_key_does_not_count_for_another():
    limit = Limit(1, Clock())
    limit.wait("ana")

    assert limit.wait("bia") == 0


def test_after_a_minute_there_is_room_again():
    clock = Clock()
    limit = Limit(1, clock)
    limit.wait("ana")
    clock.now = 60.0

    assert limit.wait("ana") == 0


def test_refused_attempts_do_not_count():
    clock = Clock()
    limit = Limit(1, clock)
    limit.wait("ana")
    clock.now = 59.0
    limit.wait("ana")
    clock.now = 60.0

    assert limit.wait("ana") == 0


def test_keys_that_are_quiet_are_forgotten():
    clock = Clock()
    limit = Limit(1, clock)
    for n in range(10_000):
        limit.wait(str(n))
    clock.now = 120.0
    limit.wait("ana")

    assert len(limit._times) == 1
