"""A hundred thousand papers behind searches that serve 9,999: every one, in order, as few requests as it takes."""

from bench import walk


def test_a_hundred_thousand_papers_are_walked_to_the_last_one_and_a_crowded_day_too() -> None:
    world = walk.papers(100_000, crowd=8)
    whole = walk.walk(world)
    assert whole.numbers == sorted(world)
    assert whole.counted == len(world)
    assert whole.requests < 100_000 / 400 + 50
    day = walk.walk(world, since=walk.DAY, until=walk.DAY)
    assert day.counted == len(day.numbers) == 12_500
    assert day.numbers == sorted(set(day.numbers))
