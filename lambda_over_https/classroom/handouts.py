"""Pages to hand out: one for each student, one for the instructor; as Markdown, or as HTML to be printed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from lambda_over_https.classroom.access.rights import class_policy
from lambda_over_https.classroom.book import Class
from lambda_over_https.classroom.forecast import minutes_of
from lambda_over_https.classroom.roster import Student
from lambda_over_https.hints import command
from lambda_over_https.names import names_for
from lambda_over_https.settings import ENV_PREFIX


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page: a heading, and below it prose, commands, or rows of two cells."""

    heading: str
    prose: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: ``name`` is that of its file, without an ending."""

    name: str
    title: str
    lead: str
    blocks: tuple[Block, ...]


PUBLIC = "The API is public until then: anyone with its URL can read and delete your items."

INSTALL = 'pip install "lambda-over-https"'


def sheets_of(taught: Class) -> list[Sheet]:
    """All pages: the instructor's, and one for each student."""
    boundary = class_policy(taught, "${aws:username}").boundary
    return [
        instructor_sheet(taught, minutes_of(len(taught.students))),
        *(student_sheet(taught, each, boundary) for each in taught.students),
    ]


def key_file(user: str) -> str:
    """The name of the file that an access key is handed out in."""
    return f"credentials-{user}"


def student_sheet(taught: Class, student: Student, boundary: str) -> Sheet:
    """What one student needs: who, install, credentials, the first command, the own names, help."""
    names = names_for(student.deployment)
    lead = f"Your deployment is called {student.deployment}. Everything that you make has this in its name."
    return Sheet(
        name=student.deployment,
        title=f"{student.called}: AWS Lambda over HTTPS",
        lead=lead,
        blocks=(
            Block("1. Install", ("You need Python 3.11 or later.",), (INSTALL,)),
            *_credentials(taught, student),
            Block(
                "3. Say who you are, once in each terminal",
                commands=tuple(_settings(taught, student, boundary)),
            ),
            Block(
                "4. Begin",
                ("It explains each step, shows the calls and waits. ^C stops it; `loh run` goes on.",),
                (command("loh run"),),
            ),
            Block(
                "Your names",
                rows=(
                    ("role", names.role),
                    ("function", names.function),
                    ("table", names.table),
                    ("REST API", names.api),
                    ("log group", names.log_group),
                ),
            ),
            Block(
                "If something does not work",
                rows=(
                    ("what is wrong, and the command that fixes it", command("loh doctor")),
                    ("where am I", command("loh status")),
                    ("what does this step do", command("loh explain 3.4")),
                    ("what did the function print", command("loh logs")),
                    ("take back the last step", command("loh undo")),
                ),
            ),
            Block(
                "At the end",
                (PUBLIC,) if taught.shared else (),
                (command("loh report -o report.json"), command("loh teardown")),
            ),
        ),
    )


def _credentials(taught: Class, student: Student) -> Iterator[Block]:
    if taught.shared:
        file = key_file(student.deployment)
        yield Block(
            "2. Credentials",
            (
                f"Your instructor gives you a sign-in for account {taught.account}, or a file: {file}.",
                "With the file, type the first line in each terminal. It holds a key: keep it to yourself.",
            ),
            (f'export AWS_SHARED_CREDENTIALS_FILE="$PWD/{file}"', "aws sts get-caller-identity"),
        )
    else:
        yield Block("2. Credentials", ("None: everything happens on this machine.",))


def _settings(taught: Class, student: Student, boundary: str) -> Iterator[str]:
    yield f"export {ENV_PREFIX}NAME={student.deployment}"
    if taught.shared:
        yield f"export {ENV_PREFIX}TARGET={taught.target}"
        yield f"export {ENV_PREFIX}REGION={taught.region}"
        yield f"export {ENV_PREFIX}PERMISSIONS_BOUNDARY={boundary}"
    if taught.endpoint_url:
        yield f"export {ENV_PREFIX}ENDPOINT_URL={taught.endpoint_url}"


def _during(taught: Class) -> Block:
    """How the instructor sees how everybody gets on; where each has an own sandbox, only by their reports."""
    name = taught.name
    if not taught.shared:
        return Block(
            "During the lesson",
            ("Everybody has a sandbox on the own machine. Collect their reports:",),
            (command(f"loh class report FOLDER --class {name} --no-look"),),
        )
    return Block(
        "During the lesson",
        (),
        (
            command(f"loh class status --class {name} --ask --watch"),
            command(f"loh class look NAME --class {name}"),
        ),
    )


TRUST = (
    "Students cannot touch each other's roles, functions, tables and log groups, nor delete each other's REST"
    " APIs. But whoever puts the own name as a tag on another's REST API can change what is in it: IAM cannot"
    " limit that. And the URLs are public."
)
"""What the policy does not prevent."""


def instructor_sheet(taught: Class, minutes: dict[str, float]) -> Sheet:
    """What the instructor needs: the timetable, what goes wrong and the command for it."""
    name = taught.name
    return Sheet(
        name="instructor",
        title=f"{taught.name}: for the instructor",
        lead=f"{len(taught.students)} students in account {taught.account}, {taught.region}.",
        blocks=(
            Block(
                "Timetable of two hours",
                rows=(
                    (
                        "before",
                        "boundary, policy, users; hand out the pages; try one yourself",
                    ),
                    ("0:00", "install, credentials, `loh doctor` on every machine"),
                    ("0:20", "section 2: package, role, function, table"),
                    ("0:55", "section 3: API, resource, method, deployment, permission, test"),
                    ("1:30", "a drill (`loh drill`), or a chapter (`loh chapter list`)"),
                    ("1:50", "reports, teardown"),
                    (
                        "after",
                        f"the sweep: up to {minutes['sweep']:g} minutes",
                    ),
                ),
            ),
            _during(taught),
            Block(
                "What goes wrong",
                rows=(
                    (
                        "AccessDenied at 2.2",
                        "no permissions boundary: part 3 of the student's page",
                    ),
                    ("AccessDenied elsewhere", "not the own name: `loh status --settings`"),
                    ("TooManyRequestsException", "nothing: it waits for its turn and goes on"),
                    ("ExpiredToken", "sign in again, then `loh run`"),
                    (
                        "HTTP 403, Missing Authentication Token",
                        "wrong path, or not deployed: `loh explain 3.5`",
                    ),
                    ("HTTP 500, Internal server error", "no permission to invoke: `loh explain 3.6`"),
                ),
            ),
            Block(
                "The end",
                ("One sweep removes what is left of everybody. Then remove the users, if you made any.",),
                (
                    command(f"loh class sweep --class {name}"),
                    command(f"loh class users remove --class {name}"),
                ),
            ),
            Block(
                "What remains a matter of trust",
                (TRUST,),
            ),
        ),
    )


def as_markdown(sheet: Sheet) -> str:
    """The page as Markdown."""
    return "\n".join(_markdown(sheet)) + "\n"


def _markdown(sheet: Sheet) -> Iterator[str]:
    yield from (f"# {_plain(sheet.title)}", "", _plain(sheet.lead))
    for block in sheet.blocks:
        yield from ("", f"## {block.heading}", "")
        yield from block.prose
        if block.commands:
            yield from (*([""] if block.prose else []), "```sh", *block.commands, "```")
        if block.rows:
            yield from (
                "| | |",
                "|---|---|",
                *(f"| {_code(left)} | {_code(right)} |" for left, right in block.rows),
            )


def _plain(text: str) -> str:
    """A name from a roster is text, whatever signs it has."""
    return "".join(f"\\{each}" if each in "\\`*_[]<>#|" else each for each in text)


def _code(text: str) -> str:
    return f"`{text}`" if text.startswith("loh ") else text.replace("|", "\\|")


STYLE = """
@page { size: A4; margin: 14mm }
body { font: 10.5pt/1.35 system-ui, sans-serif; max-width: 180mm; margin: 8mm auto; color: #111 }
h1 { font-size: 17pt; margin: 0 0 2mm } h2 { font-size: 11.5pt; margin: 4mm 0 1mm }
p { margin: 0 0 1.5mm } table { border-collapse: collapse; width: 100% }
td { border-bottom: 1px solid #ccc; padding: .7mm 2mm .7mm 0; vertical-align: top }
td:first-child { width: 38%; color: #333 }
pre { background: #f3f3f3; border-left: 1mm solid #888; margin: 0 0 1mm; padding: 1.2mm 2.5mm;
      white-space: pre-wrap; overflow-wrap: anywhere }
code, pre { font: 9pt/1.4 ui-monospace, monospace }
section { break-inside: avoid }
"""


def as_html(sheet: Sheet) -> str:
    """The page as one HTML file without anything from elsewhere; it prints on one sheet."""
    body = "\n".join(_html(sheet))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(sheet.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _html(sheet: Sheet) -> Iterator[str]:
    yield f"<h1>{escape(sheet.title)}</h1>\n<p>{escape(sheet.lead)}</p>"
    for block in sheet.blocks:
        yield f"<section>\n<h2>{escape(block.heading)}</h2>"
        yield from (f"<p>{_inline(each)}</p>" for each in block.prose)
        if block.commands:
            yield "<pre>" + escape("\n".join(block.commands)) + "</pre>"
        if block.rows:
            yield "<table>"
            for left, right in block.rows:
                yield f"<tr><td>{_inline(left)}</td><td>{_inline(_code(right))}</td></tr>"
            yield "</table>"
        yield "</section>"


def _inline(text: str) -> str:
    """Prose in HTML: what stands in backticks is code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{each}</code>" if number % 2 else each for number, each in enumerate(parts))


FORMS: Mapping[str, Callable[[Sheet], str]] = {"md": as_markdown, "html": as_html}
"""How a page can be written, by the ending of its file."""
