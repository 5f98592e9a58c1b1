"""A script as Python, with plain boto3."""

import json
import re
import textwrap
from collections.abc import Iterator

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.transcript.python import python_call, quoted
from lambda_over_https.transcript.script import PATIENTLY, WAITS, Script, Statement, remark
from lambda_over_https.transcript.words import ARCHIVE_FILE, client_variable
from lambda_over_https.tutorial.parts.step import Step

_WIDTH = 96

_HEAD = '''"""The AWS tutorial "Using AWS Lambda with Amazon API Gateway (On-Demand Over HTTPS)".

As performed with lambda-over-https on {day}: the same calls, with new ids.

usage: python {file}             make everything
       python {file} teardown    remove everything

Needs boto3, with keys and a Region.
"""

import json
import os
import sys
import time
import zipfile
from pathlib import Path

import boto3
from botocore.exceptions import ClientError

if __name__ == "__main__" and sys.argv[1:] not in ([], ["teardown"]):
    asked = sys.argv[1:] in (["-h"], ["--help"])
    print(__doc__.split("\\n\\n")[2], file=sys.stdout if asked else sys.stderr)
    sys.exit(0 if asked else 2)

SOURCE = {source}

region = os.environ.get("AWS_REGION") or boto3.Session().region_name or "{region}"
session = boto3.Session(region_name=region)
account = session.client("sts").get_caller_identity()["Account"]
{clients}

ids_file = Path("{name}.ids.json")  # what this run made, for the teardown

NOT_YET = ("cannot be assumed", "TooManyRequests", "Rate exceeded")
GONE = ("NotFound", "NoSuchEntity", "does not exist")


def patiently(call, **parameters):
    """Retry while AWS says "not yet": a new role takes seconds to spread, some calls are rate-limited."""
    for _ in range(30):
        try:
            return call(**parameters)
        except ClientError as error:
            if not any(sign in str(error) for sign in NOT_YET):
                raise
            time.sleep(5)
    return call(**parameters)


def answered(call, **parameters):
    """Retry while API Gateway answers 500: a new permission takes seconds to spread."""
    for _ in range(12):
        answer = call(**parameters)
        if answer["status"] != 500:
            break
        time.sleep(5)
    return answer


def kept():
    return json.loads(ids_file.read_text()) if ids_file.exists() else {{}}


def keep(**ids):
    ids_file.write_text(json.dumps({{**kept(), **ids}}))


left = []  # why something could not be deleted


def remove(call, **parameters):
    """Delete, and say whether it is gone: what was gone already is. A failure stops nothing else."""
    try:
        patiently(call, **parameters)
    except ClientError as error:
        if not any(sign in str(error) for sign in GONE):
            print(error, file=sys.stderr)
            left.append(error)
            return False
    return True
'''

_MAIN = """
if __name__ == "__main__":
    if sys.argv[1:] == ["teardown"]:
        teardown()
        sys.exit("Not everything could be removed. Run the same command again." if left else 0)
    build()
"""


def python_script(script: Script, file: str) -> str:
    """The whole script as a Python program called ``file``."""
    deployment = script.deployment
    services = dict.fromkeys(call.service for call in script.calls() if call.service != "sts")
    clients = [f'{client_variable(service)} = session.client("{service}")' for service in services]
    head = _HEAD.format(
        day=max(call.at for call in script.calls())[:10],
        file=file,
        name=deployment.name,
        region=deployment.region,
        clients="\n".join(clients),
        source=_literal(script.source),
    )
    return "\n".join(
        [head, "", _function("build", _steps(script)), "", "", _back(script), "", _MAIN.lstrip("\n")]
    )


def _literal(source: str) -> str:
    odd = "'''" in source or source.endswith(("'", "\\"))
    readable = not odd and all(each.isprintable() or each in "\n\t" for each in source)
    return f"r'''{source}'''" if readable else json.dumps(source)


def _function(name: str, lines: Iterator[str]) -> str:
    return f"def {name}():\n" + textwrap.indent("\n".join(lines).rstrip("\n"), "    ")


def _steps(script: Script) -> Iterator[str]:
    for step, statements in script.steps:
        if step.name == "package":
            yield from _heading(step)
            yield f'source = zipfile.ZipInfo("{script.source_file}")'
            yield "source.external_attr = 0o100644 << 16  # Lambda must be allowed to read it"
            yield f'with zipfile.ZipFile("{ARCHIVE_FILE}", "w") as archive:'
            yield "    archive.writestr(source, SOURCE)\n"
        elif statements:
            yield from _heading(step)
            for statement in statements:
                yield from _statement(statement, script)
            yield ""


def _heading(step: Step) -> Iterator[str]:
    yield f"# {step.number} {step.title}"
    yield f"print({quoted(f'{step.number} {step.title}')})"


def _statement(statement: Statement, script: Script) -> Iterator[str]:
    call = statement.call
    if lacks := remark(statement):
        yield lacks
    around = "patiently" if call.operation in PATIENTLY else ""
    around = "answered" if call.operation == "TestInvokeMethod" else around
    assign = "answer = " if statement.takes or call.tries else ""
    yield python_call(call, script.variables, assign, _WIDTH, around)
    for taken in statement.takes:
        path = "".join(f'["{key}"]' for key in taken.path)
        yield f"{taken.variable} = answer{path}"
    kept = [taken.variable for taken in statement.takes if taken.variable in script.kept]
    if kept:
        yield f"keep({', '.join(f'{name}={name}' for name in kept)})"
    if call.operation == "Invoke":
        yield 'print(answer["Payload"].read().decode())'
    elif call.tries:
        yield 'print(answer["status"], answer["body"])'
    if call.operation in WAITS:
        yield _wait(call, script)


def _wait(call: Call, script: Script) -> str:
    name = next(key for key in call.parameters if key in ("FunctionName", "TableName"))
    waiter = f'{client_variable(call.service)}.get_waiter("{WAITS[call.operation]}")'
    asked = Call("", "", "", call.service, "Wait", {name: call.parameters[name]}, {})
    text = python_call(asked, script.variables)
    return f"{waiter}.{text.partition('.')[2]}"


def _back(script: Script) -> str:
    lines = ["ids = kept()"] if script.kept else []
    for call in script.teardown:
        text = python_call(call, script.variables, "", _WIDTH, "remove")
        # A run that stopped early has not made what has no id.
        needs = [name for name in script.kept if re.search(rf"={name}\b|{{{name}}}", text)]
        for name in needs:
            text = re.sub(rf"={name}\b", f'=ids["{name}"]', text)
            text = text.replace(f"{{{name}}}", f"{{ids['{name}']}}")
        if call.operation in WAITS:
            text = f"if {text}:\n" + textwrap.indent(_wait(call, script), "    ")
        if needs:
            conditions = " and ".join(f'"{name}" in ids' for name in needs)
            text = f"if {conditions}:\n" + textwrap.indent(text, "    ")
        lines.append(text)
    lines.append("if not left:\n    ids_file.unlink(missing_ok=True)")
    lines.append(f'Path("{ARCHIVE_FILE}").unlink(missing_ok=True)')
    return _function("teardown", iter(lines))
