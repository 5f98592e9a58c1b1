"""A script as bash, for the ``aws`` command."""

from collections.abc import Iterator

from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.names import PATH_PART, STAGE, names_for
from lambda_over_https.transcript.aws_cli import STREAMED, STREAMED_TO, aws_command
from lambda_over_https.transcript.script import PATIENTLY, WAITS, Script, Statement, remark
from lambda_over_https.transcript.words import ARCHIVE_FILE
from lambda_over_https.tutorial.checks import ECHO
from lambda_over_https.tutorial.request import as_text

_HEAD = r"""#!/usr/bin/env bash
# The AWS tutorial "Using AWS Lambda with Amazon API Gateway (On-Demand Over HTTPS)",
# as performed with lambda-over-https on {day}: the same calls, with new ids.
#
# usage: {file}             make everything
#        {file} teardown    remove everything
#
# Needs bash, curl, python3 or zip, and the aws command with keys and a Region.
set -euo pipefail

usage() {{
    cat << 'END_OF_USAGE'
usage: {file}             make everything
       {file} teardown    remove everything
END_OF_USAGE
}}

case "$#:${{1:-}}" in
    0: | 1:teardown) ;;
    1:-h | 1:--help) usage; exit ;;
    *) usage >&2; exit 2 ;;
esac

export AWS_PAGER=
region=${{AWS_REGION:-${{AWS_DEFAULT_REGION:-{region}}}}}
export AWS_DEFAULT_REGION=$region
ids=$PWD/{name}.ids   # what this run made, for the teardown
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Retry while AWS says "not yet": a new role takes seconds to spread, some calls are rate-limited.
patiently() {{
    local try
    for try in {{1..30}}; do
        "$@" 2> said && return
        grep -Eq 'cannot be assumed|TooManyRequests|Rate exceeded' said || break
        sleep 5
    done
    cat said >&2
    return 1
}}

# Retry while API Gateway answers 500: a new permission takes seconds to spread.
answered() {{
    local answer try
    for try in {{1..12}}; do
        answer=$("$@")
        [ "${{answer%%$'\t'*}}" = 500 ] || break
        sleep 5
    done
    echo "$answer"
}}

keep() {{ local name; for name; do echo "$name=${{!name}}" >> "$ids"; done; }}

# Take up what an earlier run made: text with the form of an id, and nothing that would be run.
take_up() {{
    local name value
    while IFS== read -r name value; do
        case $name in
            {kept}) if [[ $value =~ ^[A-Za-z0-9:/._-]+$ ]]; then printf -v "$name" %s "$value"; fi ;;
        esac
    done < "$ids"
}}

# Delete; what is already gone counts as deleted. What cannot be deleted stops nothing else.
remove() {{
    removed=1
    patiently "$@" || grep -Eq 'NotFound|NoSuchEntity|does not exist' said || {{ removed= left=1; }}
}}

teardown() {{
{back}
    [ "$left" = 1 ] || rm -f "$ids"
}}

account=$(aws sts get-caller-identity --query Account --output text)

if [ "${{1:-}}" = teardown ]; then
    left=0
    if [ -f "$ids" ]; then take_up; fi
    teardown
    [ "$left" = 0 ] || echo 'Not everything could be removed. Run the same command again.' >&2
    exit "$left"
fi
rm -f "$ids"
"""

_TAIL = """
# --- 3.7 over HTTPS, as any client would ---
if [ -n "${{AWS_ENDPOINT_URL:-}}" ]; then
    invoke_url=$AWS_ENDPOINT_URL/_aws/execute-api/${{{api}}}/{path}
else
    invoke_url=https://${{{api}}}.execute-api.$region.{suffix}/{path}
fi
echo "$invoke_url"
{key}curl --fail --silent --show-error --retry {tries} --retry-all-errors --retry-delay 5 \\
    {header}-X POST -d '{event}' "$invoke_url"
echo
"""

_KEY = """key=$(aws apigateway get-api-key --api-key "${key_id}" --include-value --query value --output text)
"""
_KEYED = """-H "x-api-key: $key" """


def shell_script(script: Script, file: str) -> str:
    """The whole script as a bash program called ``file``."""
    deployment = script.deployment
    back = "\n".join(f"    {line}" for call in script.teardown for line in _removal(call, script))
    head = _HEAD.format(
        day=_day(script),
        file=file,
        name=deployment.name,
        region=deployment.region,
        kept="|".join(script.kept) or "''",
        back=back,
    )
    return "\n".join([head, *_steps(script), *_tail(script)])


def _day(script: Script) -> str:
    return max(call.at for call in script.calls())[:10]


def _removal(call: Call, script: Script) -> Iterator[str]:
    command = f"remove {aws_command(call, script.variables, 10**6)}"
    # A run that stopped early has not made what has no id.
    needs = [name for name in script.kept if f"${{{name}}}" in command]
    yield "".join(f'[ -z "${{{name}:-}}" ] || ' for name in needs) + command
    if call.operation in WAITS:
        yield f'[ -z "$removed" ] || {_wait(call, script)}'


def _steps(script: Script) -> Iterator[str]:
    for step, statements in script.steps:
        if statements or step.name == "package":
            yield f"# --- {step.number} {step.title} ---"
            yield f'echo "{step.number} {step.title}"'
        if step.name == "package":
            yield from _package(script)
        for statement in statements:
            yield from _statement(statement, script)
        if statements or step.name == "package":
            yield ""


def _package(script: Script) -> Iterator[str]:
    end = _end_of(script.source)
    yield f"cat > {script.source_file} <<'{end}'"
    yield script.source.rstrip("\n")
    yield end
    yield f"chmod 644 {script.source_file}   # Lambda must be allowed to read it"
    yield f"if command -v zip > /dev/null; then zip -q {ARCHIVE_FILE} {script.source_file}"
    yield f"else python3 -m zipfile -c {ARCHIVE_FILE} {script.source_file}; fi"


def _end_of(source: str) -> str:
    """A line that the source does not hold, to mark its end."""
    end, lines = "END_OF_SOURCE", set(source.split("\n"))
    while end in lines:
        end += "_"
    return end


def _statement(statement: Statement, script: Script) -> Iterator[str]:
    call, takes = statement.call, statement.takes
    if lacks := remark(statement):
        yield lacks
    patiently = "patiently " if call.operation in PATIENTLY else ""
    if call.operation == "TestInvokeMethod":
        more = "--query '[status, body]' --output text"
        yield f"answered {aws_command(call, script.variables, more=more)}"
    elif call.operation in STREAMED:
        # Opened by its name, standard output would be emptied first if it is a file.
        yield aws_command(call, script.variables).replace(STREAMED_TO, "answer.json")
        yield "cat answer.json; echo"
    elif not takes:
        yield patiently + aws_command(call, script.variables)
    else:
        paths = [".".join(taken.path) for taken in takes]
        query = paths[0] if len(paths) == 1 else f"'[{', '.join(paths)}]'"
        command = aws_command(call, script.variables, more=f"--query {query} --output text")
        names = [taken.variable for taken in takes]
        if len(names) == 1:
            yield f"{names[0]}=$({patiently}{command})"
        else:
            yield f"answer=$({patiently}{command})"
            yield f'read -r {" ".join(names)} <<< "$answer"'
        kept = [name for name in names if name in script.kept]
        yield from [f"keep {' '.join(kept)}"] if kept else []
    if call.operation in WAITS:
        yield _wait(call, script)


def _wait(call: Call, script: Script) -> str:
    waiter = WAITS[call.operation].replace("_", "-")
    name = next(key for key in call.parameters if key in ("FunctionName", "TableName"))
    asked = Call("", "", "", call.service, "Wait", {name: call.parameters[name]}, {})
    return aws_command(asked, script.variables, 10**6).replace(" wait ", f" wait {waiter} ", 1)


def _tail(script: Script) -> Iterator[str]:
    api = next((name for name in script.variables.names.values() if name == "rest_api_id"), None)
    if api and any(
        statement.call.operation == "CreateDeployment" for _, each in script.steps for statement in each
    ):
        suffix = "amazonaws.com.cn" if script.deployment.region.startswith("cn-") else "amazonaws.com"
        event = as_text(ECHO.event(names_for(script.deployment.name).table, ""))
        # The key that was made last: a new one takes up to two minutes to act.
        keys = [name for name in script.variables.names.values() if name.startswith("api_key_id")]
        key = _KEY.replace("{key_id}", f"{{{keys[-1]}}}") if keys else ""
        more = {"key": key, "header": _KEYED if keys else "", "tries": 30 if keys else 12}
        yield _TAIL.format(api=api, suffix=suffix, path=f"{STAGE}/{PATH_PART}", event=event, **more).lstrip(
            "\n"
        )
