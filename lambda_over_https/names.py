"""The tutorial's names, and the same names for another deployment: ``alice`` puts ``alice-`` before each.

Lengths and characters are checked here, before the first call: botocore checks neither maximum lengths nor
patterns (sources: the API references of IAM CreateRole, Lambda CreateFunction, DynamoDB CreateTable).
"""

import re
from dataclasses import dataclass

from lambda_over_https.errors import UsageError

DEFAULT_DEPLOYMENT = "tutorial"
PATH_PART = "DynamoDBManager"
PATH = f"/{PATH_PART}"
METHOD = "POST"
STAGE = "prod"
HANDLER_MODULE = "LambdaFunctionOverHttps"
HANDLER = f"{HANDLER_MODULE}.handler"
ARCHIVE = f"{HANDLER_MODULE}.zip"
TABLE_KEY = "Id"
TABLE_VARIABLE = "TABLE_NAME"
TEST_STATEMENT = "apigateway-test-2"
PROD_STATEMENT = "apigateway-prod-2"
TAG_DEPLOYMENT = "lambda-over-https:deployment"
TAG_NAME = "lambda-over-https:name"

# Lower case, because IAM role names are unique regardless of case; 34, because the longest name,
# 34 + 1 + len("lambda-gateway-execution-role"), must fit the 64 characters that IAM and Lambda allow.
_DEPLOYMENT = re.compile(r"[a-z0-9][a-z0-9_-]{0,33}")


@dataclass(frozen=True, slots=True)
class Names:
    """What each resource of one deployment is called."""

    deployment: str
    role: str
    policy: str
    function: str
    table: str
    api: str
    prefix: str = ""

    @property
    def log_group(self) -> str:
        """The log group Lambda writes to: always ``/aws/lambda/`` and the function's name."""
        return f"/aws/lambda/{self.function}"

    @property
    def usage_plan(self) -> str:
        """The usage plan of the chapter keys."""
        return f"{self.api}-plan"

    @property
    def api_keys(self) -> tuple[str, str]:
        """The API keys of the chapter keys: one to use up, and one that the program's own requests send."""
        return f"{self.api}-key-1", f"{self.api}-key-2"

    @property
    def schedule_group(self) -> str:
        """The schedule group of the chapter schedule."""
        return f"{self.prefix}lambda-schedules"

    @property
    def schedule_role(self) -> str:
        """The role that EventBridge Scheduler assumes to call the function."""
        return f"{self.prefix}lambda-scheduler-role"

    @property
    def schedule_policy(self) -> str:
        """That role's inline policy."""
        return f"{self.prefix}lambda-scheduler-policy"

    @property
    def firewall(self) -> str:
        """The web ACL of the chapter protect."""
        return f"{self.prefix}lambda-firewall"

    @property
    def blocked_addresses(self) -> str:
        """The IP set that it blocks."""
        return f"{self.prefix}lambda-blocked-addresses"

    @property
    def archive(self) -> str:
        """The file name of the deployment package."""
        return ARCHIVE


def names_for(deployment: str) -> Names:
    """Derive all names; raises UsageError if the deployment's name would give one that AWS refuses."""
    if not _DEPLOYMENT.fullmatch(deployment):
        raise UsageError(
            f"{deployment!r} cannot be the name of a deployment.",
            "Use up to 34 lower-case letters, digits, - and _, beginning with a letter or digit:"
            " it becomes part of the role's, function's and table's names.",
        )
    prefix = "" if deployment == DEFAULT_DEPLOYMENT else f"{deployment}-"
    return Names(
        deployment=deployment,
        role=f"{prefix}lambda-gateway-execution-role",
        policy=f"{prefix}lambda-gateway-execution-policy",
        function=f"{prefix}{HANDLER_MODULE}",
        table=f"{prefix}LambdaTable",
        api=f"{prefix}DynamoDBOperations",
        prefix=prefix,
    )
