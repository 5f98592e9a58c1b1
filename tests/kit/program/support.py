"""What tests share: the program run in this process, and a look at everything that an account holds."""

import contextlib
import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from lambda_over_https.cli import app as cli
from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.account.clients import client


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it said on each stream."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the JSON document it must be."""
        return json.loads(self.out)


def loh(*arguments: str) -> Ran:
    """Run the program with these arguments in this process, whose own settings stay as they are."""
    out, err, before = io.StringIO(), io.StringIO(), sys.argv
    sys.argv = ["loh", *arguments]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.run()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    finally:
        sys.argv = before
    return Ran(code, out.getvalue(), err.getvalue())


def done(*arguments: str) -> Ran:
    """Run the program, which must do what it is told."""
    ran = loh(*arguments)
    assert ran.code == 0, (arguments, ran.err)
    return ran


def keys_of(sandbox: Sandbox) -> dict[str, str]:
    """The variables that hold the operator's keys, as `loh sandbox env` sets them."""
    return {
        "AWS_ACCESS_KEY_ID": sandbox.access_key_id,
        "AWS_SECRET_ACCESS_KEY": sandbox.secret_access_key,
    }


def use_keys(patch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    """Put the operator's keys into the environment."""
    for name, value in keys_of(sandbox).items():
        patch.setenv(name, value)


class Account:
    """An account seen from outside the program: its own clients, its own listings."""

    def __init__(self, sandbox: Sandbox, region: str = "us-east-1") -> None:
        self.sandbox = sandbox
        self._keys = sandbox.access_key_id, sandbox.secret_access_key
        self._region = region

    def client(self, service: str) -> Any:
        """A plain boto3 client of the sandbox."""
        return client(service, self.sandbox.endpoint_url, self._region, self._keys)

    def listed(self, service: str, operation: str, key: str, **parameters: Any) -> list[Any]:
        """What a listing has under ``key``, of all its pages: in a shared account there are several."""
        pages = self.client(service).get_paginator(operation).paginate(**parameters)
        return list(pages.search(f"{key}[]"))

    def holdings(self) -> set[str]:
        """Everything that exists, of every kind, by kind and name; two of one name are told apart."""
        return {*self._roles(), *self._functions(), *self._rest(), *self._of_chapters()}

    def of(self, name: str) -> set[str]:
        """What a deployment, or a class, has: its name and a hyphen begin the name, and are in no id."""
        ours = re.compile(rf"(?<![a-z0-9-]){re.escape(name)}-")
        return {each for each in self.holdings() if ours.search(each)}

    def _roles(self) -> Iterator[str]:
        iam = self.client("iam")
        for role in self.listed("iam", "list_roles", "Roles"):
            yield f"role {role['RoleName']}"
            for policy in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
                yield f"role policy {role['RoleName']}/{policy}"

    def _functions(self) -> Iterator[str]:
        lambda_ = self.client("lambda")
        for function in self.listed("lambda", "list_functions", "Functions"):
            name = function["FunctionName"]
            yield f"function {name}"
            with contextlib.suppress(lambda_.exceptions.ResourceNotFoundException):
                policy = json.loads(lambda_.get_policy(FunctionName=name)["Policy"])
                yield from (f"permission {name}/{each['Sid']}" for each in policy["Statement"])

    def _rest(self) -> Iterator[str]:
        yield from (f"table {name}" for name in self.listed("dynamodb", "list_tables", "TableNames"))
        for api in self.listed("apigateway", "get_rest_apis", "items"):
            yield f"api {api['name']} {api['id']}"
        for group in self.listed("logs", "describe_log_groups", "logGroups"):
            yield f"log group {group['logGroupName']}"

    def _of_chapters(self) -> Iterator[str]:
        for plan in self.listed("apigateway", "get_usage_plans", "items"):
            yield f"usage plan {plan['name']} {plan['id']}"
        for key in self.listed("apigateway", "get_api_keys", "items"):
            yield f"api key {key.get('name', '')} {key['id']}"
        for found in self.listed("scheduler", "list_schedule_groups", "ScheduleGroups"):
            if found["Name"] != "default":  # AWS's own: every account has it
                yield f"schedule group {found['Name']}"
        for schedule in self.listed("scheduler", "list_schedules", "Schedules"):
            yield f"schedule {schedule['GroupName']}/{schedule['Name']}"
        for acl in self.client("wafv2").list_web_acls(Scope="REGIONAL")["WebACLs"]:
            yield f"web acl {acl['Name']}"


def session_keys(account: Account, role: str) -> dict[str, str]:
    """The variables of a session of a new role that may do anything; ``remove_session`` ends both."""
    iam, everything = account.client("iam"), {"Effect": "Allow", "Action": "*", "Resource": "*"}
    trusted = {"AWS": f"arn:aws:iam::{account.sandbox.account}:root"}
    trust = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
    made = iam.create_role(
        RoleName=role, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trust})
    )["Role"]
    iam.put_role_policy(
        RoleName=role,
        PolicyName="all",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": everything}),
    )
    given = account.client("sts").assume_role(RoleArn=made["Arn"], RoleSessionName="me")["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }


def remove_session(account: Account, role: str) -> None:
    """Delete the role of ``session_keys``."""
    iam = account.client("iam")
    iam.delete_role_policy(RoleName=role, PolicyName="all")
    iam.delete_role(RoleName=role)
