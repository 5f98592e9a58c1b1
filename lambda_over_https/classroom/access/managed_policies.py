"""The managed policies of a class in IAM: made, given another document, and removed.

Source: IAM API reference, CreatePolicyVersion and DeletePolicy (what must go before a policy can).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lambda_over_https.aws import arns
from lambda_over_https.classroom.access.hanging import users_of_policy
from lambda_over_https.classroom.roll.book import Class
from lambda_over_https.errors import LohError

TAG = "lambda-over-https:class"
"""The tag of users and policies: its value is the class's name."""

DESCRIPTION = "Made by lambda-over-https for a class"


class ManagedPolicies:
    """The policies of one class: those that carry its tag. ``iam`` is a client, ``tags`` what each gets."""

    def __init__(self, taught: Class, iam: Any, tags: Sequence[Mapping[str, str]]) -> None:
        self._class = taught
        self._iam = iam
        self._tags = tags

    def make(self, name: str, document: Any) -> str:
        """Make a policy, or give the one that the class has already this document; its ARN.

        Raises LohError if there is one of that name that is not the class's.
        """
        arn = arns.managed_policy(self._class, name)
        text = json.dumps(document)
        try:
            self._iam.create_policy(
                PolicyName=name, PolicyDocument=text, Description=DESCRIPTION, Tags=self._tags
            )
        except self._iam.exceptions.EntityAlreadyExistsException:
            if not self._owns(arn):
                raise LohError(
                    f"There is a policy {name} that is not this class's.", "Choose another --prefix."
                ) from None
            self._renew(arn, document)
        return arn

    def all(self) -> Iterator[str]:
        """The ARNs of the class's policies."""
        pages = self._iam.get_paginator("list_policies").paginate(Scope="Local")
        for page in pages:
            for each in page["Policies"]:
                if each["PolicyName"].startswith(f"{self._class.prefix}-lambda-gateway-") and self._owns(
                    each["Arn"]
                ):
                    yield each["Arn"]

    def delete(self, arn: str) -> None:
        """Delete a policy; LohError names who still has it."""
        try:
            self._delete_older_versions(arn)
            self._iam.delete_policy(PolicyArn=arn)
        except self._iam.exceptions.DeleteConflictException:
            holders = ", ".join(users_of_policy(self._iam, arn)) or "something"
            raise LohError(
                f"The policy {arn.rpartition('/')[2]} is still in use: {holders}.",
                f"`loh class sweep --class {self._class.name}` removes the students' roles. Take it off"
                f" anything else, then `loh class users remove --class {self._class.name}` again.",
            ) from None

    def _owns(self, arn: str) -> bool:
        tags = self._iam.list_policy_tags(PolicyArn=arn)["Tags"]
        return {"Key": TAG, "Value": self._class.name} in tags

    def _renew(self, arn: str, document: Any) -> None:
        """Give a policy that document, if it has another one: other chapters are allowed now, say."""
        version = self._iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        found = self._iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
        if found == document:
            return
        self._delete_older_versions(arn)
        self._iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(document), SetAsDefault=True)

    def _delete_older_versions(self, arn: str) -> None:
        """IAM keeps five versions of a policy at most, and deletes no policy that has more than one."""
        for each in self._iam.list_policy_versions(PolicyArn=arn)["Versions"]:
            if not each["IsDefaultVersion"]:
                self._iam.delete_policy_version(PolicyArn=arn, VersionId=each["VersionId"])
