"""Answers that are kept: right ones, no more than the limit, none for long texts."""

from __future__ import annotations

from transforms.remembered import Remembered


def test_answers_are_the_function_s_and_bounded() -> None:
    asked: list[str] = []

    def size(text: str) -> int:
        asked.append(text)
        return len(text)

    answers = Remembered(size, limit=2)
    assert list(map(answers.__getitem__, ["a", "bb", "a", "bb"])) == [1, 2, 1, 2]
    assert asked == ["a", "bb"]
    assert answers["ccc"] == 3
    assert dict(answers) == {"ccc": 3}
    assert answers["d" * 100] == 100
    assert len(answers) == 1
