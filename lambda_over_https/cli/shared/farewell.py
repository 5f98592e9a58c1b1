"""The end of a run: what is there now, what can be done with it, and how to go on."""

from typing import TYPE_CHECKING

from lambda_over_https.hints import command

if TYPE_CHECKING:
    from lambda_over_https.deployment.stack import Stack
    from lambda_over_https.engine.make.engine import Engine

AS_TO_SAYS = "Stopped after step {}, as --to says."
TEST = "3.7"
"""The step that tests the deployment."""


def run_again(yourself: bool) -> str:
    """The command line that goes on."""
    return command("loh run --yourself" if yourself else "loh run")


def say_where_it_stopped(engine: "Engine", why: str, *, yourself: bool = False) -> None:
    """If there is more to do: that this is the end for now, which step comes next, and how to go on."""
    from lambda_over_https import show

    following = engine.next_step()
    if following:
        show.say(why)
        show.say(f"Step {following.number} comes next. Continue with: {run_again(yourself)}")


def take_leave(stack: "Stack", as_json: bool, *, tested: bool = True) -> None:
    """What can be done with the deployment now; ready is what was ``tested`` this time."""
    from lambda_over_https import show
    from lambda_over_https.deployment.deployments import sandbox_has_ended
    from lambda_over_https.report.status import status_report
    from lambda_over_https.show.status import OWN_CALL

    report = status_report(stack.journal, sandbox_has_ended(stack.journal))
    if as_json:
        show.print_json(report)
    elif report["invoke_url"]:
        own = command(f"loh call {OWN_CALL}")
        call = own if stack.choices.source else command("loh call create Id=1 name=Bob")
        show.say(f"{_readiness(stack, tested=tested)} Try it: {call}")
        show.say("Or with any client, for example:")
        show.print_command(report["curl"])
        if not stack.choices.source:
            show.say("Both answer {}: the item is stored, and DynamoDB's PutItem returns nothing.")
            show.say("Or with a mistake, no Id, to see HTTP 400:")
            show.say_command(command("loh call create name=Bob"))
        show.say(f"\nLook at it:  {command('loh status')}")
        show.say(f"Break it:    {command('loh drill permission')} (it shows what step 3.6 is for)")
        if stack.journal.state_of(TEST).is_over:
            show.say(f"Go on:       {command('loh chapter list')}")
        show.say(f"Remove it:   {command('loh teardown')}")


def _readiness(stack: "Stack", *, tested: bool) -> str:
    """Ready is only what step 3.7 has tested this time."""
    if not stack.journal.state_of(TEST).is_over:
        return f"Deployed, and not tested yet: `loh run` does step {TEST}."
    if not tested:
        return "Nothing was changed, so nothing was tested again: `loh verify` does."
    return "Ready."
