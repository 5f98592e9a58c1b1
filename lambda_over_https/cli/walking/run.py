"""A walk as the command ``run`` has it: opened, gone, and taken leave of."""

from typing import TYPE_CHECKING

from lambda_over_https import show
from lambda_over_https.cli.keys import read_key_or_line
from lambda_over_https.cli.shared import farewell, opening, own_source, questions
from lambda_over_https.cli.walking.aws_prompt import COMMAND, environment_for, other_terminal
from lambda_over_https.cli.walking.walk import Walk
from lambda_over_https.engine.begun import TAKES_IT_UP, Begun
from lambda_over_https.hints import command
from lambda_over_https.settings import Settings
from lambda_over_https.show.moving.walk import WalkPages
from lambda_over_https.tutorial.course import steps_of

if TYPE_CHECKING:
    from lambda_over_https.deployment.stack import Stack


def walk_on(settings: Settings, last: str | None, yes: bool, *, yourself: bool = False) -> None:
    """Walk through the steps up to ``last``, and say at the end how it stands and how to go on."""
    pages = WalkPages()
    with opening.working(settings, create=True, narrator=pages) as (stack, engine):
        own_source.check_source(stack)
        questions.confirm_place(stack, yes)
        walk = Walk(
            stack,
            lambda: opening.engine_for(stack, by_hand=True),
            pages,
            lambda seconds: read_key_or_line(f"{COMMAND} ", seconds),
            lambda: environment_for(settings, stack.place.region),
            yourself=yourself,
            ask=not yes,
            elsewhere=other_terminal(settings),
        )
        if engine.next_step() is None:
            # Nothing to walk through; but the source may have changed, or something at AWS.
            changed = engine.run(last)
            farewell.take_leave(stack, as_json=False, tested=changed)
        elif _walked(walk, last, stack):
            farewell.take_leave(stack, as_json=False)
            farewell.say_where_it_stopped(
                opening.engine_for(stack), farewell.AS_TO_SAYS.format(last), yourself=yourself
            )
        elif not stack.journal.state.steps:
            show.say(f"Nothing was made. Begin with: {farewell.run_again(yourself)}")
        else:
            _say_what_is_not_taken_in(stack)
            show.say(f"To remove what was made: {command('loh teardown')}")
            why = "Stopped; what was made is recorded."
            farewell.say_where_it_stopped(opening.engine_for(stack), why, yourself=yourself)


def _say_what_is_not_taken_in(stack: "Stack") -> None:
    """Name what the learner made by hand, and has not said to be the deployment's."""
    for what, step in Begun(stack).there(steps_of(stack)):
        show.say(
            f"You made {what} by hand in step {step}, and it is no part of the deployment yet: it stays, also"
            f" at a teardown. {TAKES_IT_UP}."
        )


def _walked(walk: "Walk", last: str | None, stack: "Stack") -> bool:
    """Walk on; True if all was done up to step ``last``. A ^C may come before anything was made."""
    with questions.before_any_change(lambda: not stack.journal.state.records):
        return walk.go(last)
