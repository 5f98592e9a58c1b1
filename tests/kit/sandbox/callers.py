"""Callers of the sandbox, made in this process: roles, sessions of roles, and the calls that they sign."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from botocore.credentials import Credentials

from lambda_over_https.sandbox.control.aws_calls import AwsCall, scope_of
from lambda_over_https.sandbox.control.moto_state import iam_backend
from lambda_over_https.sandbox.iam.authorization import Authorization
from lambda_over_https.sandbox.iam.callers.access_keys import AccessKeys, KeyPair
from lambda_over_https.sandbox.iam.callers.authentication import Authentication
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.web.http import Request
from tests.kit.account.signing import signed
from tests.kit.sandbox.control import REGION, policy, trust_policy

KEY, SECRET, TOKEN = "ASIAQEXAMPLEEXAMPLE1", "the-secret", "the-token"
OPERATOR = KeyPair("AKIAQEXAMPLEEXAMPLE2", "the-operators-secret")
Document = dict[str, Any]


class Roles:
    """Makes roles in the sandbox's IAM, and takes them away."""

    def __init__(self) -> None:
        self._iam: Any = iam_backend()
        self._made: list[str] = []
        self._boundaries: list[str] = []

    def make(
        self,
        *allowed: str,
        boundary: str | None = None,
        name: str = "r",
        path: str = "/",
        document: str | None = None,
        tags: list[dict[str, str]] | None = None,
    ) -> Any:
        """A role that may do what is allowed, as far as ``boundary``, a policy document, lets it.

        ``document`` is its policy if a list of allowed actions cannot say it.
        """
        arn = None
        if boundary:
            made = self._iam.create_policy("", "/", boundary, f"boundary-{len(self._boundaries)}", [])
            arn = made.arn
            self._boundaries.append(arn)
        role = self._iam.create_role(name, trust_policy(), path, arn, "", tags or [], None)
        self._made.append(name)
        if allowed or document:
            self._iam.put_role_policy(name, "p", document or policy(*allowed))
        return role

    def remove(self, name: str = "r") -> None:
        """Delete a role."""
        self._iam.delete_role_policy(name, "p")
        self._iam.delete_role(name)
        self._made.remove(name)

    def clear(self) -> None:
        """Delete all."""
        for name in list(self._made):
            self._iam.roles.pop(self._iam.get_role(name).id)
        for arn in self._boundaries:
            self._iam.managed_policies.pop(arn)


class Users:
    """Makes users, groups and managed policies in the sandbox's IAM, and takes them away."""

    def __init__(self) -> None:
        self.iam: Any = iam_backend()
        self._made: list[str] = []
        self._groups: list[str] = []
        self._policies: list[str] = []

    def make(
        self, document: str | None = None, name: str = "alice", tags: list[dict[str, str]] | None = None
    ) -> Any:
        """A user with the policy."""
        user = self.iam.create_user(REGION, name, "/class/", tags or [])
        self._made.append(name)
        if document:
            self.iam.put_user_policy(name, "p", document)
        return user

    def key(self, user: Any) -> dict[str, Any]:
        """A new access key of the user, as ``call`` takes it."""
        made = self.iam.create_access_key(user.name)
        return {"key": made.access_key_id, "secret": made.secret_access_key, "token": None}

    def group(self, name: str, *members: Any) -> str:
        """The name of a new group of these users."""
        self.iam.create_group(name)
        self._groups.append(name)
        for user in members:
            self.iam.add_user_to_group(name, user.name)
        return name

    def managed(self, name: str, document: str) -> str:
        """The ARN of a new managed policy."""
        made = self.iam.create_policy("", "/", document, name, [])
        self._policies.append(made.arn)
        return str(made.arn)

    def clear(self) -> None:
        """Delete all."""
        for name in self._made:
            user = self.iam.users.pop(name, None)
            if user:
                self.iam.tagger.delete_all_tags_for_resource(user.arn)
        for name in self._groups:
            self.iam.groups.pop(name)
        for arn in self._policies:
            self.iam.managed_policies.pop(arn)


def only_if(key: str, value: str) -> str:
    """A policy that allows all to callers of whom the condition key has the value."""
    return policy("*", condition={"StringEquals": {key: value}})


def session(role: Any, minutes: float = 60, key: str = KEY) -> Any:
    """A session as moto's STS describes it."""
    expires = datetime.now(UTC).replace(tzinfo=None) + timedelta(minutes=minutes)
    return SimpleNamespace(
        role_arn=role.arn,
        access_key_id=key,
        secret_access_key=SECRET,
        session_name="me",
        session_token=TOKEN,
        expiration=expires,
    )


def call(service: str = "dynamodb", operation: str = "ListTables", **more: Any) -> AwsCall:
    """A call with the session's keys; ``token`` is what it sends of the session token."""
    sent = request(service, more.pop("key", KEY), more.pop("secret", SECRET), more.pop("token", TOKEN))
    scope = scope_of(sent)
    assert scope is not None
    return AwsCall(service, operation, REGION, scope.access_key, sent, more)


def request(service: str, key: str, secret: str, token: str | None) -> Request:
    """A request to the service that the key has signed."""
    sent = signed(Credentials(key, secret, token), service, "GET", "http://localhost/")
    headers = {name.lower(): value for name, value in sent.items()}
    return Request("GET", "/", "", {"host": "localhost", **headers}, b"")


def checked(keys: AccessKeys, sent: AwsCall) -> tuple[int, str, str] | None:
    """How the call is refused; None if it is let in."""
    try:
        Authentication(keys).scope(sent.request)
        Authorization(keys, lambda _: None).before(sent)
    except AwsError as error:
        return error.status, error.code, error.message
    return None
