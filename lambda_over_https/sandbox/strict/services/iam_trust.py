"""Trust policies: what they may say, and whom they may name.

IAM user guide, "IAM and AWS STS quotas" and "AWS JSON policy elements: Principal"; reports of users (the
messages).
"""

import functools
import json
import re
from collections.abc import Mapping
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.moto_state import find_role, find_role_named, iam_backend
from lambda_over_https.sandbox.iam.policies.principals import OPERATOR
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.errors import AwsError
from lambda_over_https.sandbox.strict.services.iam_documents import malformed, size, too_long

LIMIT = 2_048
"""Characters of a role's trust policy, without white space."""

_ACTIONS = frozenset(
    f"sts:{name}".lower()
    for name in (
        "AssumeRole",
        "AssumeRoleWithSAML",
        "AssumeRoleWithWebIdentity",
        "SetContext",
        "SetSourceIdentity",
        "TagSession",
    )
)
_SERVICE = re.compile(r"([a-z0-9.-]+)\.amazonaws\.com(\.cn)?")
_OTHERS = """
cks datapipeline delivery ecs-tasks edgelambda eks-fargate eks-fargate-pods eks-nodegroup export lexv2
opensearchservice ops opsworks opsworks-cm osis-pipelines reporting spot spotfleet tagpolicies transitgateway
trustedadvisor vmie vpc-flow-logs vpce
"""
_UNMODELLED = frozenset(_OTHERS.split())
"""Labels of services that no model of botocore has."""

_ACCOUNT_ID = re.compile(r"\d{12}")
_UNIQUE_ID = re.compile(r"(AIDA|AROA)[A-Z2-7]{12,124}")
_ARN = re.compile(
    r"arn:aws:(iam|sts)::(\d{12}):(root|(user|role|assumed-role|federated-user)/[^*?]+)", re.ASCII
)


def trust_policy(call: AwsCall) -> None:
    """Refuse a document that is no trust policy, is too long, or names what does not exist."""
    document = call.parameters.get("AssumeRolePolicyDocument") or call.parameters.get("PolicyDocument") or ""
    try:
        statements = json.loads(document)["Statement"]
    except (ValueError, RecursionError):
        raise malformed("This policy contains invalid Json") from None
    except (KeyError, TypeError):
        raise malformed("Syntax errors in policy.") from None
    for statement in _listed(statements):
        _check_statement(statement)
    if size(document) > LIMIT:
        raise too_long(f"Cannot exceed quota for ACLSizePerRole: {LIMIT}")


def linked_service(call: AwsCall) -> None:
    """Refuse a service-linked role of what is no service."""
    name = call.parameters["AWSServiceName"]
    if not is_service(name):
        raise AwsError("InvalidInput", f"Service role names must be the principal of a service, not {name}")


def is_service(name: str) -> bool:
    """Whether it may be the principal of a service: false only for what is certainly none.

    Each has a label that botocore knows as a service or an endpoint, but for a few.
    """
    found = _SERVICE.fullmatch(name)
    labels = found[1].split(".") if found else []
    return any(label in _UNMODELLED or label in _modelled() for label in labels)


@functools.cache
def _modelled() -> frozenset[str]:
    """The services and endpoints that botocore has. Reading them takes a tenth of a second, once."""
    import botocore.session

    loader = botocore.session.get_session().get_component("data_loader")
    partitions = loader.load_data("endpoints")["partitions"]
    prefixes = (label for each in partitions for name in each["services"] for label in name.split("."))
    return frozenset((*loader.list_available_services("service-2"), *prefixes))


def _check_statement(statement: object) -> None:
    if not isinstance(statement, dict) or not {"Effect", "Action", "Principal"} <= statement.keys():
        raise malformed("Syntax errors in policy.")
    if "Resource" in statement:
        raise malformed("Has prohibited field Resource")
    if any(str(action).lower() not in _ACTIONS for action in _listed(statement["Action"])):
        raise malformed("AssumeRole policy may only specify STS AssumeRole actions.")
    _check_principal(statement["Principal"])


def _check_principal(principal: object) -> None:
    if principal == "*":
        return
    if not isinstance(principal, Mapping):
        raise malformed("Invalid principal in policy.")
    for service in _listed(principal.get("Service", [])):
        if not is_service(str(service)):
            raise malformed(f'Invalid principal in policy: "SERVICE":"{service}"')
    for name in _listed(principal.get("AWS", [])):
        if not _exists(str(name)):
            raise malformed(f'Invalid principal in policy: "AWS":"{name}"')


def _exists(name: str) -> bool:
    """Whether there is such an account, user or role. Those of other accounts are not known here."""
    if name in ("*", OPERATOR) or _ACCOUNT_ID.fullmatch(name) or _UNIQUE_ID.fullmatch(name):
        return True
    found = _ARN.fullmatch(name)
    if found is None or found[2] != ACCOUNT:
        return found is not None
    if found[4] == "user":
        return any(user.arn == name for user in iam_backend().users.values())
    if found[4] == "role":
        return find_role(name) is not None
    return found[4] != "assumed-role" or find_role_named(found[3].split("/")[1]) is not None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
