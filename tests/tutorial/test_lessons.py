"""What is told of the steps, and the steps themselves."""

from lambda_over_https.tutorial.lessons import LESSONS
from lambda_over_https.tutorial.steps import STEPS


def test_lessons_and_steps_are_in_one_order() -> None:
    assert [step.lesson for step in STEPS] == list(LESSONS)


def test_every_lesson_tells_all_there_is_to_tell() -> None:
    assert all(all(lesson) for lesson in LESSONS)
