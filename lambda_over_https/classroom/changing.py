"""Another roster for a class: who joins or leaves, and that nothing is lost of sight."""

from typing import TYPE_CHECKING

from lambda_over_https.classroom.account import resources_of
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.errors import LohError

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud


def check_nothing_lost(before: Class, after: Class, cloud: "Cloud") -> None:
    """Raises LohError if somebody who is not in the class any more has something in the account.

    No status would show it, and no sweep would remove it.
    """
    kept = {each.deployment for each in after.students}
    leaving = [each for each in before.students if each.deployment not in kept]
    if not leaving:
        return
    listed = resources_of(cloud, leaving)
    owners = {each.student for each in listed.resources}
    names = [each.name for each in leaving if each.name in owners]
    if names:
        only = " ".join(f"--only {each}" for each in names)
        raise LohError(
            f"The roster lacks students who have something in the account: {', '.join(names)}.",
            f"`loh class sweep --class {before.name} {only}` removes it; then give the same command again.",
        )
