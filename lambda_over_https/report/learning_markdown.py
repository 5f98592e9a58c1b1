"""The learner's report as a page of Markdown, to hand in."""

from collections.abc import Iterator
from datetime import UTC, datetime

from lambda_over_https.report import Report
from lambda_over_https.report.progress import hints_taken

BY_HAND = """\
The program sees what was made by hand, and not each call. So a call made by hand is in this list if it made a
resource, with the time at which the program took that in. Calls by hand that corrected or removed something,
in a step or in a drill, are not in this list.
"""
_BY = {"hand": "by hand", "program": "by the program", None: ""}


def as_markdown(report: Report) -> str:
    """The whole page."""
    return "\n".join(_lines(report)).rstrip("\n") + "\n"


def _lines(report: Report) -> Iterator[str]:
    deployment = report["deployment"]
    yield "# AWS Lambda over HTTPS: what I did\n"
    yield f"Deployment {deployment['name']} ({deployment['id']}) on {deployment['target']}, in account"
    yield f"{deployment['account']}, {deployment['region']}. Created {_moment(deployment['created'])}.\n"
    yield "## Steps\n"
    yield "| step | | done | hints |"
    yield "|---|---|---|---|"
    for step in report["steps"]:
        done = f"{_moment(step['at'])}, {_BY[step['by']]}" if step["done"] else "not yet"
        yield f"| {step['number']} | {step['title']} | {done} | {step['hints'] or ''} |"
    yield ""
    yield from _section("Mistakes seen and explained", _mistakes(report))
    yield from _section("Predictions", _predictions(report))
    yield from _section("Repairs", _repairs(report))
    yield from _section("Test and teardown", _proof(report))
    yield from _section("Calls", _calls(report))


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield f"## {title}\n"
        yield from found
        yield ""


def _mistakes(report: Report) -> Iterator[str]:
    for step in report["steps"]:
        for each in step["mistakes"]:
            what = f"{each['kind']} `{each['name']}`: {each['field']}"
            yield f"- {step['number']}: {what} was `{each['seen']}`, and should be `{each['wanted']}`"


def _predictions(report: Report) -> Iterator[str]:
    for each in report["predictions"]:
        verdict = "right" if each["right"] else f"the right choice is {each['truth']}"
        yield f"- {each['exercise']} {each['name']}: said {each['said']}, {verdict}"


def _repairs(report: Report) -> Iterator[str]:
    for each in report["repairs"]:
        hints = f", with {hints_taken(each['hints'])}" if each["hints"] else ""
        yield f"- drill {each['name']}: repaired {_BY['hand' if each['by_hand'] else 'program']}{hints}"


def _proof(report: Report) -> Iterator[str]:
    verify, teardown = report["verify"], report["teardown"]
    if verify:
        yield f"- {verify['passed']} of {verify['checks']} checks passed, {_moment(verify['at'])}"
    if teardown:
        left = "nothing is left, verified by looking" if not teardown["left"] else f"{teardown['left']} left"
        gone = f"{teardown['deleted']} resources deleted, parts of others included"
        yield f"- {gone}, {_moment(teardown['at'])}; {left}"


def _calls(report: Report) -> Iterator[str]:
    if not report["calls"]:
        return
    if any(each["by_hand"] for each in (*report["calls"], *report["repairs"])):
        yield BY_HAND
    yield "| time | step | call | request id |"
    yield "|---|---|---|---|"
    for each in report["calls"]:
        known = "made by hand" if each["by_hand"] else each["request_id"]
        yield f"| {each['at'][11:19]} | {each['step']} | {each['service']} {each['operation']} | {known} |"


def _moment(at: str) -> str:
    """A moment, in UTC: the report is read elsewhere than it was written."""
    return datetime.fromisoformat(at).astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
