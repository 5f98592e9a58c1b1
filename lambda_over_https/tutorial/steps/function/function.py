"""The function itself."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from lambda_over_https.deployment.handler.sources import (
    build_archive,
    bundled_source,
    code_sha256,
    read_source,
)
from lambda_over_https.deployment.journal.state import Record
from lambda_over_https.deployment.stack import Stack
from lambda_over_https.errors import LohError
from lambda_over_https.kinds import Kind
from lambda_over_https.names import TABLE_VARIABLE
from lambda_over_https.settings import RUNTIMES
from lambda_over_https.tutorial.parts import additions
from lambda_over_https.tutorial.parts.part import (
    ABSENT,
    Evidence,
    Listing,
    Orphan,
    Part,
    Product,
    Sighting,
    Standing,
    deleted,
)
from lambda_over_https.tutorial.steps.function.configuration import corrections, initial, tuned
from lambda_over_https.words import told

_ROLE = "Role"

STOPPED = "its reserved concurrency is 0, so it never runs"
"""What somebody sets to stop a function at once (Lambda guide, "Configuring reserved concurrency")."""


class Function(Part):
    """The Lambda function."""

    def name(self, stack: Stack) -> str:
        return stack.names.function

    def look(self, stack: Stack) -> Sighting:
        lambda_ = stack.cloud.lambda_
        try:
            found = lambda_.get_function(FunctionName=stack.names.function)
        except lambda_.exceptions.ResourceNotFoundException:
            return ABSENT
        arn, tags = found["Configuration"]["FunctionArn"], found.get("Tags", {})
        if not stack.owns(tags):
            return Sighting(Standing.FOREIGN, "a function of this name exists", arn, arn, tags=tags)
        member, reason = _difference(stack, found["Configuration"])
        stopped = found.get("Concurrency", {}).get("ReservedConcurrentExecutions") == 0
        kept = (*tuned(stack, found["Configuration"]), *([STOPPED] if stopped else ()))
        standing = Standing.PARTIAL if reason else Standing.OURS
        return Sighting(standing, reason, arn, arn, tags=tags, tuned=kept, stops=stopped, member=member)

    def make(self, stack: Stack, seen: Sighting) -> Product:
        if seen.standing is Standing.ABSENT:
            configuration: Any = stack.cloud.lambda_.create_function(
                FunctionName=stack.names.function,
                Code={"ZipFile": stack.archive.read_bytes()},
                Tags=stack.tags,
                **initial(stack),
            )
        else:
            configuration = _update(stack, seen)
        _wait_until_usable(stack, configuration)
        return Product(configuration["FunctionArn"], configuration["FunctionArn"])

    def adopt(self, stack: Stack, seen: Sighting) -> Product:
        stack.cloud.lambda_.tag_resource(Resource=seen.arn, Tags=stack.tags)
        return Product(seen.id, seen.arn)

    def remove(self, stack: Stack, record: Record, *, force: bool) -> bool:
        lambda_ = stack.cloud.lambda_
        return deleted(
            lambda: lambda_.delete_function(FunctionName=stack.names.function),
            lambda_.exceptions.ResourceNotFoundException,
        )

    def additions(self) -> Sequence[Listing]:
        return additions.permissions, additions.versions, additions.aliases, additions.function_url

    def orphans(self, stack: Stack) -> Iterable[Orphan]:
        return additions.event_source_mappings(stack)

    def testify(self, stack: Stack, so_far: Evidence) -> Evidence:
        """Which runtime and which role were chosen, and whether the code is the tutorial's."""
        found = stack.cloud.lambda_.get_function_configuration(FunctionName=stack.names.function)
        runtime = found.get("Runtime", "")
        language = next((each for each in RUNTIMES if runtime.startswith(each)), "python")
        ours = build_archive(read_source(bundled_source(language)), language)
        lent = "" if found["Role"] == stack.role_arn else found["Role"]
        choices = replace(so_far.choices, runtime=language, role_arn=lent)
        return Evidence(choices, own_source=found.get("CodeSha256") != code_sha256(ours))


_VARIABLES = f"its environment variable {TABLE_VARIABLE} does not name the table"


def _difference(stack: Stack, found: Any) -> tuple[str, str]:
    """Which member of the function is not as it should be, and why; both empty if it is."""
    package = stack.record(Kind.ARCHIVE)
    if package and found["CodeSha256"] != package.detail.get("code_sha256"):
        return "CodeSha256", "its code is not the package's"
    for key, wanted in corrections(stack, found).items():
        return key, _VARIABLES if key == "Environment" else f"its {key} is not {told(wanted)}"
    if _role_is_newer(stack):
        return _ROLE, "its role was created again, and Lambda still knows the old one"
    if found.get("State", "Active") != "Active" or found.get("LastUpdateStatus") == "InProgress":
        return "State", "it is not ready yet"
    return "", ""


def _role_is_newer(stack: Stack) -> bool:
    """Whether it was made or changed after the function; so it may be where nothing is known of that one."""
    role = stack.record(Kind.ROLE, stack.role_arn.rpartition("/")[2])
    function = stack.record(Kind.FUNCTION)
    if role is None:
        return False
    return function is None or role.serial > function.serial > 0


def _update(stack: Stack, seen: Sighting) -> Any:
    """Bring code and configuration to what they should be, one after the other as Lambda demands."""
    lambda_, name = stack.cloud.lambda_, stack.names.function
    archive = stack.archive.read_bytes()
    found: Any = lambda_.get_function_configuration(FunctionName=name)
    if found["CodeSha256"] != code_sha256(archive):
        found = lambda_.update_function_code(FunctionName=name, ZipFile=archive)
        _wait_until_usable(stack, found)
    wrong = corrections(stack, found)
    if seen.member == _ROLE or _role_is_newer(stack):
        wrong[_ROLE] = stack.role_arn
    return lambda_.update_function_configuration(FunctionName=name, **wrong) if wrong else found


def _wait_until_usable(stack: Stack, configuration: Any) -> None:
    """Wait for Active with no update in progress (the waiters function_active_v2 and function_updated_v2)."""
    if _is_usable(configuration):
        return

    def look_again() -> bool:
        return _is_usable(stack.cloud.lambda_.get_function_configuration(FunctionName=stack.names.function))

    if not stack.run.wait_until(look_again, "Lambda is preparing the function", stack.cloud.patience):
        raise LohError("The function is not ready yet.", "Run the same command again: it continues to wait.")


def _is_usable(configuration: Any) -> bool:
    """Whether the function can be invoked and changed; raises LohError if Lambda has given up on it."""
    state, update = configuration.get("State", "Active"), configuration.get("LastUpdateStatus", "Successful")
    if "Failed" in (state, update):
        reason = configuration.get("StateReason") or configuration.get("LastUpdateStatusReason")
        raise LohError(f"Lambda could not prepare the function: {reason}", "Fix that, then `loh run`.")
    return bool(state == "Active" and update != "InProgress")


FUNCTION = Function(
    kind=Kind.FUNCTION,
    creates=("lambda:CreateFunction",),
    updates=("lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"),
    rests_on=(Kind.ROLE,),
)
