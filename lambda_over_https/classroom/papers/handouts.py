"""Pages to hand out, one for each student and one for the instructor: what stands on them."""

from collections.abc import Iterator
from dataclasses import dataclass

from lambda_over_https.classroom.access.rights import class_policy
from lambda_over_https.classroom.access.users import key_file
from lambda_over_https.classroom.forecast import minutes_of
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.classroom.roll.roster import Student
from lambda_over_https.hints import command
from lambda_over_https.names import names_for
from lambda_over_https.settings import ENV_PREFIX
from lambda_over_https.words import counted


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

INSTALL = ("scripts/venv", 'export PATH="$PWD/.venv/bin:$PATH"')
"""In the program's folder. No package index has it: a name there could be anybody's."""


def sheets_of(taught: Class) -> list[Sheet]:
    """All pages: the instructor's, and one for each student."""
    boundary = class_policy(taught, "${aws:username}").boundary
    return [
        instructor_sheet(taught, minutes_of(len(taught.students))),
        *(student_sheet(taught, each, boundary) for each in taught.students),
    ]


def student_sheet(taught: Class, student: Student, boundary: str) -> Sheet:
    """What one student needs: who, install, credentials, the first command, their names, help."""
    names = names_for(student.deployment)
    lead = f"Your deployment is called {student.deployment}. Everything that you make has this in its name."
    return Sheet(
        name=student.deployment,
        title=f"{student.called}: AWS Lambda over HTTPS",
        lead=lead,
        blocks=(
            Block(
                "1. Install",
                (
                    "You need Python 3.11 or later, and the folder of the program from your instructor.",
                    "In that folder (the second line again in each new terminal):",
                ),
                INSTALL,
            ),
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
                (*((PUBLIC,) if taught.shared else ()), f"Hand in the file {student.deployment}.json."),
                (
                    command("loh teardown"),
                    command(f"loh report -o {student.deployment}.json"),
                    *(() if taught.shared else (command("loh sandbox stop"),)),
                ),
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
    """How the instructor sees how everybody gets on; where each has a sandbox, only by their reports."""
    name = taught.name
    if not taught.shared:
        return Block(
            "During the lesson",
            ("What everybody makes is on their own machine. Collect their reports:",),
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
    " APIs. But whoever tags another's REST API with their own name can change what is in it: IAM cannot"
    " limit that. And the URLs are public."
)
"""What the policy does not prevent."""


def instructor_sheet(taught: Class, minutes: dict[str, float]) -> Sheet:
    """What the instructor needs: the timetable, what goes wrong and the command for it.

    Where each student has a sandbox there is nothing to share: no policy, no users and no sweep.
    """
    where = (
        f" in account {taught.account}, {taught.region}"
        if taught.shared
        else ", each with a sandbox on their own machine"
    )
    return Sheet(
        name="instructor",
        title=f"{taught.name}: for the instructor",
        lead=f"{counted(len(taught.students), 'student')}{where}.",
        blocks=(
            Block("Timetable of two hours", rows=tuple(_timetable(taught, minutes["sweep"]))),
            _during(taught),
            Block("What goes wrong", rows=(*(IN_AN_ACCOUNT if taught.shared else IN_A_SANDBOX), *ANYWHERE)),
            *_end(taught),
        ),
    )


def _timetable(taught: Class, sweep: float) -> Iterator[tuple[str, str]]:
    pages = "hand out the pages and the program's folder; try one yourself"
    yield "before", f"boundary, policy, users; {pages}" if taught.shared else pages
    yield "0:00", f"install, {'credentials, ' if taught.shared else ''}`loh doctor` on every machine"
    yield "0:20", "section 2: package, role, function, table"
    yield "0:55", "section 3: API, resource, method, deployment, permission, test"
    yield "1:30", "a drill (`loh drill`), or a chapter (`loh chapter list`)"
    yield "1:50", "teardown, then reports"
    if taught.shared:
        yield "after", f"the sweep: up to {counted(sweep, 'minute')}"


IN_AN_ACCOUNT = (
    ("AccessDenied at 2.2", "no permissions boundary: part 3 of the student's page"),
    ("AccessDenied elsewhere", "not the student's own name: `loh status --settings`"),
    ("TooManyRequestsException", "nothing: it waits for its turn and goes on"),
    ("ExpiredToken", "sign in again, then `loh run`"),
)

IN_A_SANDBOX = (("The sandbox was restarted", "its resources are gone: `loh run` makes them again"),)

ANYWHERE = (
    ("HTTP 403, Missing Authentication Token", "wrong path, or not deployed: `loh explain 3.5`"),
    ("HTTP 500, Internal server error", "no permission to invoke: `loh explain 3.6`"),
)


def _end(taught: Class) -> Iterator[Block]:
    if not taught.shared:
        yield Block(
            "The end",
            ("Each student runs these; the second after the report is written.",),
            (command("loh teardown"), command("loh sandbox stop")),
        )
        return
    yield Block(
        "The end",
        ("One sweep removes what is left of everybody. Then remove the users, if you made any.",),
        (
            command(f"loh class sweep --class {taught.name}"),
            command(f"loh class users remove --class {taught.name}"),
        ),
    )
    yield Block("What remains a matter of trust", (TRUST,))
