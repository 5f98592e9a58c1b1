"""What the user chose for a deployment: said now, or remembered in its journal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from lambda_over_https.aws import arns
from lambda_over_https.deployment.handler.sources import SUFFIXES, bundled_source, read_source, runtime_of
from lambda_over_https.deployment.journal.journal import JournalError
from lambda_over_https.errors import UsageError
from lambda_over_https.settings import Settings

YES = "yes"
"""How a journal keeps a yes."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user chose for this deployment; remembered in the journal.

    ``permissions_boundary`` is the ARN of the managed policy that limits the role we make; ``runtime`` is
    ``python`` or ``nodejs``; ``source`` a file of the user's own instead of ours; ``tutorial_policy`` whether
    the role gets the tutorial's wide policy; ``chapters`` the names of the chapters that are on, in the order
    in which they were switched on; ``firewall`` whether its cost on AWS was agreed to.
    """

    runtime: str = "python"
    role_arn: str = ""
    permissions_boundary: str = ""
    source: Path | None = None
    tutorial_policy: bool = False
    chapters: tuple[str, ...] = ()
    firewall: bool = False

    @classmethod
    def remembered(cls, choices: Mapping[str, str]) -> "Choices":
        """What a journal remembers; JournalError for a choice that this version does not know."""
        unknown = sorted(choices.keys() - {each.name for each in fields(cls)})
        if unknown:
            raise JournalError(
                f"The journal is of a newer version of this program: it remembers {', '.join(unknown)}.",
                "Use the version that wrote it.",
            )
        source = choices.get("source")
        return cls(
            runtime=choices.get("runtime", cls().runtime),
            role_arn=choices.get("role_arn", ""),
            permissions_boundary=choices.get("permissions_boundary", ""),
            source=Path(source) if source else None,
            tutorial_policy=bool(choices.get("tutorial_policy")),
            chapters=tuple(choices.get("chapters", "").split()),
            firewall=bool(choices.get("firewall")),
        )

    @property
    def to_remember(self) -> dict[str, str]:
        """The same as a journal keeps it: texts alone, empty for a no and for what was not chosen."""
        return {
            "runtime": self.runtime,
            "role_arn": self.role_arn,
            "permissions_boundary": self.permissions_boundary,
            "source": str(self.source or ""),
            "tutorial_policy": YES if self.tutorial_policy else "",
            "chapters": " ".join(self.chapters),
            "firewall": YES if self.firewall else "",
        }

    @property
    def source_path(self) -> Path:
        """The handler's source file."""
        return self.source or bundled_source(self.runtime)


def chosen(settings: Settings, remembered: Mapping[str, str]) -> Choices:
    """What the user chose now, and where nothing was said, what the journal remembers.

    Raises UsageError for an unknown runtime, a source that does not fit it, and an ARN of something else.
    """
    choices = Choices.remembered(remembered)
    if settings.runtime:
        choices = replace(choices, runtime=settings.runtime)
    if settings.role_arn is not None:
        choices = replace(choices, role_arn=settings.role_arn)
    if settings.permissions_boundary is not None:
        choices = replace(choices, permissions_boundary=settings.permissions_boundary)
    if settings.source is not None:
        read_source(settings.source)
        runtime = settings.runtime or runtime_of(settings.source) or choices.runtime
        choices = replace(choices, source=settings.source.absolute(), runtime=runtime)
    if settings.tutorial_policy is not None:
        choices = replace(choices, tutorial_policy=settings.tutorial_policy)
    _check(choices)
    return choices


def _check(choices: Choices) -> None:
    if choices.runtime not in SUFFIXES:
        raise UsageError(f"There is no runtime {choices.runtime!r}.", "Choose --runtime python or nodejs.")
    if choices.source and not choices.source.name.endswith(SUFFIXES[choices.runtime]):
        raise UsageError(
            f"{choices.source} is not source for {choices.runtime}.",
            f"Its name must end in {SUFFIXES[choices.runtime]}; --runtime chooses the language.",
        )
    _check_arn(
        choices.permissions_boundary,
        arns.is_managed_policy,
        "a managed policy",
        "policy/lambda-gateway-boundary",
    )
    _check_arn(choices.role_arn, arns.is_role, "a role", "role/LabRole")


def _check_arn(chosen: str, is_one: Callable[[str], bool], what: str, example: str) -> None:
    if chosen and not is_one(chosen):
        raise UsageError(
            f"{chosen!r} is not the ARN of {what}.", f"It looks like arn:aws:iam::123456789012:{example}."
        )
