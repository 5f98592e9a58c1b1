"""IAM users for a class: made with one policy and one boundary, and exactly they are removed.

Everything carries the class's name as a tag, and the users are in a path of their own. A secret is written
once, into a file that only the instructor can read.

Source: IAM API reference, CreateUser, CreateAccessKey, DeleteUser (what must go before a user can).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lambda_over_https.aws.errors.explanations import explained
from lambda_over_https.aws.policies.permissions import Calls
from lambda_over_https.aws.policies.sizes import parts
from lambda_over_https.classroom.access.hanging import taken_off_user
from lambda_over_https.classroom.access.managed_policies import TAG, ManagedPolicies
from lambda_over_https.classroom.access.rights import Rights, class_boundary, class_policy
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.engine.remove.removal import FATAL
from lambda_over_https.errors import LohError
from lambda_over_https.files import private_folder, write_private

if TYPE_CHECKING:
    from lambda_over_https.aws.cloud import Cloud


def key_file(user: str) -> str:
    """The name of the file that an access key is handed out in."""
    return f"credentials-{user}"


@dataclass(frozen=True, slots=True)
class LeftUser:
    """A user that could not be removed, why, and the commands that take off what others hung on it."""

    name: str
    error: LohError
    commands: Sequence[str]


@dataclass(frozen=True, slots=True)
class Keys:
    """How many keys were written, and which users have one whose file is not in the folder.

    ``replaced`` had one of which an earlier run, that was killed, had not written down the secret.
    """

    written: int
    elsewhere: Sequence[str]
    replaced: Sequence[str]


UNFINISHED = b"# The key is being made. If this stays, give `loh class users create` again.\n"
"""A key's file until the key is made; without a key in it, the AWS CLI takes it for no credentials."""


def _is_unfinished(folder: Path, name: str) -> bool:
    """Whether a run was killed between the making of a key and the writing of its secret."""
    try:
        return (folder / key_file(name)).read_bytes() == UNFINISHED
    except OSError:
        return False


def _unwritten(folder: Path, name: str, error: OSError) -> LohError:
    return LohError(
        f"The key of {name} cannot be written to {folder}: {error.strerror}.",
        "Make room, or choose another folder; then give the same command again.",
    )


class Users:
    """The users of a class in its account."""

    def __init__(self, taught: Class, cloud: "Cloud") -> None:
        self._class = taught
        self._iam: Any = cloud.iam
        self._path = f"/lambda-over-https/{taught.name}/"
        self._group = f"{taught.prefix}-students"
        self._numbered = f"{taught.prefix}-lambda-gateway-policy-"
        self._tags = [{"Key": TAG, "Value": taught.name}]
        self._policies = ManagedPolicies(taught, cloud.iam, self._tags)

    def create(self, folder: Path, more: Calls, renew: Collection[str] = ()) -> Keys:
        """Make all that is missing. Who has a key gets no other one, but for those in ``renew``.

        A key that nobody can have, because its file in the folder was never finished, is replaced.
        """
        rights = class_policy(self._class, "${aws:username}", more)
        names = [each.deployment for each in self._class.students]
        with explained():
            self._make_policies(rights)
            keyless = [name for name in names if self._make_user(name)]
            lost = [name for name in names if name not in keyless and _is_unfinished(folder, name)]
            for name in {*renew, *lost} - {*keyless}:
                self._delete_keys(name)
            written = [name for name in names if name in {*keyless, *renew, *lost}]
            for name in written:
                self._write_key(private_folder(folder), name)
        elsewhere = [name for name in names if not (folder / key_file(name)).exists()]
        return Keys(len(written), elsewhere, lost)

    def _make_policies(self, rights: Rights) -> None:
        self._policies.make(rights.scope.boundary, class_boundary(self._class))
        try:
            self._iam.create_group(GroupName=self._group, Path=self._path)
        except self._iam.exceptions.EntityAlreadyExistsException:
            self._own_group()
        documents = enumerate(parts(rights.document), 1)
        wanted = {
            self._policies.make(f"{self._numbered}{number}", document) for number, document in documents
        }
        for arn in wanted:
            self._iam.attach_group_policy(GroupName=self._group, PolicyArn=arn)
        for arn in set(self._attached()) - wanted:
            if arn.rpartition("/")[2].startswith(self._numbered):  # of more chapters than are wanted now
                self._iam.detach_group_policy(GroupName=self._group, PolicyArn=arn)

    def _own_group(self) -> None:
        found = self._iam.get_group(GroupName=self._group)["Group"]
        if found["Path"] != self._path:
            raise LohError(
                f"There is a group {self._group} that is not this class's.", "Choose another --prefix."
            )

    def _make_user(self, name: str) -> bool:
        """Whether the user is new."""
        try:
            self._iam.create_user(UserName=name, Path=self._path, Tags=self._tags)
        except self._iam.exceptions.EntityAlreadyExistsException:
            if self._iam.get_user(UserName=name)["User"]["Path"] != self._path:
                raise LohError(
                    f"There is a user {name} that is not this class's.", "Choose another --prefix."
                ) from None
        self._iam.add_user_to_group(GroupName=self._group, UserName=name)
        return not self._keys(name)

    def _write_key(self, folder: Path, name: str) -> None:
        """Make a key and write it down; where it cannot be written, it is taken back.

        The file is there before the key: who is killed between the two leaves it unfinished.
        """
        path = folder / key_file(name)
        try:
            write_private(path, UNFINISHED)
        except OSError as error:
            raise _unwritten(folder, name, error) from error
        key = self._iam.create_access_key(UserName=name)["AccessKey"]
        text = (
            f"[default]\naws_access_key_id = {key['AccessKeyId']}\n"
            f"aws_secret_access_key = {key['SecretAccessKey']}\nregion = {self._class.region}\n"
        )
        try:
            write_private(path, text.encode())
        except OSError as error:
            path.unlink(missing_ok=True)
            self._iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
            raise _unwritten(folder, name, error) from error

    def _delete_keys(self, name: str) -> None:
        for key in self._keys(name):
            self._iam.delete_access_key(UserName=name, AccessKeyId=key)

    def _keys(self, name: str) -> list[str]:
        found = self._iam.list_access_keys(UserName=name)["AccessKeyMetadata"]
        return [each["AccessKeyId"] for each in found]

    def there(self) -> list[str]:
        """The users of this class that are there."""
        with explained():
            pages = self._iam.get_paginator("list_users").paginate(PathPrefix=self._path)
            return [each["UserName"] for page in pages for each in page["Users"]]

    def leaving(self) -> list[str]:
        """The users of this class that are there, of students who are not in it any more."""
        staying = {each.deployment for each in self._class.students}
        return [each for each in self.there() if each not in staying]

    def remove(self) -> list[LeftUser]:
        """Remove users, group and policies of this class; what is gone already is no mistake.

        Returns the users that could not be removed: what others hung on a user is not ours.
        """
        left = self.remove_users(self.there())
        self._remove_policies()
        return left

    def remove_users(self, names: Iterable[str]) -> list[LeftUser]:
        """Remove these users of the class; returns those that could not be removed."""
        left: list[LeftUser] = []
        for name in names:
            try:
                with explained():
                    self._remove_user(name)
            except FATAL:
                raise
            except LohError as error:
                left.append(LeftUser(name, error, taken_off_user(self._iam, name)))
        return left

    def _remove_policies(self) -> None:
        gone = self._iam.exceptions.NoSuchEntityException
        with explained():
            try:
                self._own_group()
                for arn in self._attached():
                    self._iam.detach_group_policy(GroupName=self._group, PolicyArn=arn)
                self._iam.delete_group(GroupName=self._group)
            except gone:
                pass
            for arn in self._policies.all():
                self._policies.delete(arn)

    def _remove_user(self, name: str) -> None:
        self._delete_keys(name)
        for group in self._iam.list_groups_for_user(UserName=name)["Groups"]:
            self._iam.remove_user_from_group(GroupName=group["GroupName"], UserName=name)
        self._iam.delete_user(UserName=name)

    def _attached(self) -> list[str]:
        found = self._iam.list_attached_group_policies(GroupName=self._group)["AttachedPolicies"]
        return [each["PolicyArn"] for each in found]
