import pytest

from penbot.language.ordinals import place_in


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("o primeiro", 0),
        ("a segunda opção", 1),
        ("é a terceira", 2),
        ("opção 2", 1),
        ("3.", 2),
        ("1", 0),
        ("número 3", 2),
        ("a última", 2),
        ("4", None),
        ("0", None),
        ("o SEI 4", None),
        ("em segundo lugar, não abre", None),
        ("", None),
    ],
)
def test_a_place_is_meant_only_by_the_whole_of_a_text(text, place):
    assert place_in(text, 3) == place
