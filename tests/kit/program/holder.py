"""Somebody who may do only what a policy allows, and runs the program with these rights."""

import contextlib
import json
import uuid
from typing import Any

import pytest

from lambda_over_https.aws.policies import sizes
from tests.kit.account.between import Between
from tests.kit.account.clients import client
from tests.kit.program.support import Account, Ran, done, loh

Document = dict[str, Any]


class Holder:
    """An IAM user with a policy; ``loh`` runs the program with that user's keys."""

    def __init__(
        self, account: Account, between: Between, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.between = between
        self.name = name
        self.boundary = ""
        self._monkeypatch = monkeypatch
        self.user = f"learner-{name}"
        self._iam = account.client("iam")
        self._iam.create_user(UserName=self.user)
        key = self._iam.create_access_key(UserName=self.user)["AccessKey"]
        self._keys = key["AccessKeyId"], key["SecretAccessKey"]
        for variable, value in zip(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), self._keys, strict=True):
            monkeypatch.setenv(variable, value)

    def may(self, policy: Document) -> None:
        """Let the user do what ``policy`` says, and nothing else, by as many managed policies as it takes."""
        self._take_away()
        for part in sizes.parts(policy):
            name = f"held-{uuid.uuid4().hex}"  # tests look for what has the learner's name
            made = self._iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(part))
            self._iam.attach_user_policy(UserName=self.user, PolicyArn=made["Policy"]["Arn"])

    def _take_away(self) -> None:
        for each in self._iam.list_attached_user_policies(UserName=self.user)["AttachedPolicies"]:
            self._iam.detach_user_policy(UserName=self.user, PolicyArn=each["PolicyArn"])
            self._iam.delete_policy(PolicyArn=each["PolicyArn"])

    def leave(self) -> None:
        """Delete the user."""
        for key in self._iam.list_access_keys(UserName=self.user)["AccessKeyMetadata"]:
            self._iam.delete_access_key(UserName=self.user, AccessKeyId=key["AccessKeyId"])
        self._take_away()
        self._iam.delete_user(UserName=self.user)

    def printed(self, *options: str) -> Document:
        """The policy that ``loh policy`` prints, after its permissions boundary has been made and chosen."""
        boundary = done("policy", "--boundary", *options).json
        policy: Document = done("policy", *options).json
        [bounded] = [each for each in policy["Statement"] if each["Sid"] == "BoundedRole"]
        arn = bounded["Condition"]["StringEquals"]["iam:PermissionsBoundary"]
        self.boundary = self._make(arn, boundary)
        self._monkeypatch.setenv("LAMBDA_OVER_HTTPS_PERMISSIONS_BOUNDARY", arn)
        return policy

    def _make(self, arn: str, boundary: Document) -> str:
        name = arn.rpartition("/")[2]
        with contextlib.suppress(self._iam.exceptions.EntityAlreadyExistsException):
            made = self._iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(boundary))
            assert made["Policy"]["Arn"] == arn
        return arn

    def loh(self, *arguments: str) -> Ran:
        where = ("--name", self.name, "--region", "us-east-1", "--endpoint-url", self.between.url)
        return loh(*arguments, *where)

    def client(self, service: str) -> Any:
        """A plain client with the user's keys."""
        return client(service, self.between.url, "us-east-1", self._keys)

    def does(self, *arguments: str, code: int = 0) -> Ran:
        done = self.loh(*arguments)
        assert done.code == code, (arguments, done.err)
        return done
