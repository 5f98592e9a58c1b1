"""A script as a lesson to read: each step with its reason, its calls both ways, and what AWS answered."""

from collections.abc import Iterator

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.transcript.answers import news
from lambda_over_https.transcript.aws_cli import aws_command
from lambda_over_https.transcript.python import python_call
from lambda_over_https.transcript.script import WAITS, Script, Statement
from lambda_over_https.transcript.words import ARCHIVE_FILE
from lambda_over_https.tutorial.parts.step import Step


def lesson(script: Script) -> str:
    """The whole lesson."""
    return "\n".join(_lesson(script)).rstrip("\n") + "\n"


def _lesson(script: Script) -> Iterator[str]:
    where = script.deployment
    yield "# Using AWS Lambda with Amazon API Gateway (On-Demand Over HTTPS)\n"
    yield f"As performed in account {where.account}, {where.region}. A value that a call needs from an"
    yield "earlier answer is in a variable.\n"
    yield "```bash\nregion=" + where.region
    yield "account=$(aws sts get-caller-identity --query Account --output text)\n```\n"
    for step, statements in script.steps:
        yield from _step(step, statements, script)
    yield "## 4 Clean up\n"
    yield _block("bash", "\n".join(aws_command(call, script.variables) for call in script.teardown))


def _step(step: Step, statements: tuple[Statement, ...], script: Script) -> Iterator[str]:
    yield f"## {step.number} {step.title}\n"
    yield f"{step.lesson.why}\n"
    yield f"{step.lesson.more}\n"
    yield f"*Costs on AWS: {step.lesson.costs}*\n"
    if step.name == "package":
        language = "python" if script.source_file.endswith(".py") else "javascript"
        yield f"`{script.source_file}`:\n"
        yield _block(language, script.source.rstrip("\n"))
        yield _block("bash", f"zip {ARCHIVE_FILE} {script.source_file}")
    for statement in statements:
        yield from _call(statement, script)


def _call(statement: Statement, script: Script) -> Iterator[str]:
    call = statement.call
    yield f"### {call.service} {call.operation}\n"
    yield _block("python", python_call(call, script.variables))
    yield _block("bash", aws_command(call, script.variables))
    facts = [f"`{taken.variable}` = `{'.'.join(taken.path)}` of the answer" for taken in statement.takes]
    facts += [f"{key} `{value}`" for key, value in news(call).items()]
    yield _how(call) + (": " + ", ".join(facts) if facts else "") + ".\n"
    if call.operation in WAITS:
        yield f"Then wait: `{WAITS[call.operation]}`.\n"


def _how(call: Call) -> str:
    if call.by_hand:
        return "Done by hand"
    if not call.attempts:
        return "Its answer was lost"
    tries = f" after {call.attempts} tries" if call.attempts > 1 else ""
    return f"Answered in {call.seconds:.2f} s{tries}"


def _block(language: str, text: str) -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text}\n{fence}\n"
