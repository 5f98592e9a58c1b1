"""Resources made by plain calls, as a deployment tool makes them, and removed again."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.kit.program.support import Account

SETTINGS = {
    "throttlingRateLimit": "throttling/rateLimit",
    "throttlingBurstLimit": "throttling/burstLimit",
    "cachingEnabled": "caching/enabled",
    "cacheTtlInSeconds": "caching/ttlInSeconds",
    "cacheDataEncrypted": "caching/dataEncrypted",
}
"""A method's settings by their names in GetStage: the paths that set them."""


class Made:
    """What was made so far on an account; ``source`` is the folder of the function's code."""

    def __init__(self, account: Account, source: Path) -> None:
        self._account, self._source = account, source
        self._undo: list[Callable[[], object]] = []
        self.ids: dict[tuple[str, str], str] = {}
        """The ids of what has one, by kind and name."""

    def remove(self) -> None:
        """Remove all of it, the latest first."""
        while self._undo:
            self._undo.pop()()

    def role(self, name: str, trust: Any, description: str) -> str:
        """A role; gives its ARN."""
        iam = self._account.client("iam")
        arn: str = iam.create_role(
            RoleName=name, AssumeRolePolicyDocument=json.dumps(trust), Description=description
        )["Role"]["Arn"]
        self._undo.append(lambda: iam.delete_role(RoleName=name))
        return arn

    def role_policy(self, role: str, name: str, document: Any) -> None:
        """An inline policy of a role."""
        iam = self._account.client("iam")
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))
        self._undo.append(lambda: iam.delete_role_policy(RoleName=role, PolicyName=name))

    def log_group(self, name: str, days: int) -> None:
        """A log group with a retention."""
        logs = self._account.client("logs")
        logs.create_log_group(logGroupName=name)
        self._undo.append(lambda: logs.delete_log_group(logGroupName=name))
        logs.put_retention_policy(logGroupName=name, retentionInDays=days)

    def function(self, **configuration: Any) -> str:
        """A function with the code of the folder; gives its ARN."""
        lambda_, name = self._account.client("lambda"), configuration["FunctionName"]
        made = lambda_.create_function(**configuration, Code={"ZipFile": _zipped(self._source)})
        self._undo.append(lambda: lambda_.delete_function(FunctionName=name))
        lambda_.get_waiter("function_active_v2").wait(FunctionName=name)
        arn: str = made["FunctionArn"]
        return arn

    def table(self, **definition: Any) -> str:
        """A table; gives its ARN."""
        dynamodb, name = self._account.client("dynamodb"), definition["TableName"]
        arn: str = dynamodb.create_table(**definition)["TableDescription"]["TableArn"]
        self._undo.append(lambda: dynamodb.delete_table(TableName=name))
        return arn

    def rest_api(self, body: Any, endpoint: str) -> str:
        """An API imported from an OpenAPI document, without a warning; gives its id."""
        apigateway = self._account.client("apigateway")
        api: str = apigateway.import_rest_api(
            body=json.dumps(body), failOnWarnings=True, parameters={"endpointConfigurationTypes": endpoint}
        )["id"]
        self._undo.append(lambda: apigateway.delete_rest_api(restApiId=api))
        return api

    def deployment(self, api: str) -> str:
        """A deployment without a stage; gives its id."""
        made: str = self._account.client("apigateway").create_deployment(restApiId=api)["id"]
        return made

    def stage(self, api: str, name: str, deployment: str, **settings: Any) -> None:
        """A stage."""
        self._account.client("apigateway").create_stage(
            restApiId=api, stageName=name, deploymentId=deployment, **settings
        )

    def method_settings(self, api: str, stage: str, where: str, settings: Mapping[str, Any]) -> None:
        """Settings of a method of a stage; ``where`` is its path and verb, as UpdateStage writes them."""
        patches = [
            {"op": "replace", "path": f"{where}/{SETTINGS[name]}", "value": str(value)}
            for name, value in settings.items()
        ]
        self._account.client("apigateway").update_stage(
            restApiId=api, stageName=stage, patchOperations=patches
        )

    def usage_plan(self, **plan: Any) -> str:
        """A usage plan; gives its id."""
        apigateway = self._account.client("apigateway")
        made: str = apigateway.create_usage_plan(**plan)["id"]
        self.ids["apigateway:usage-plan", plan["name"]] = made

        def remove() -> None:
            for each in plan["apiStages"]:
                patch = {"op": "remove", "path": "/apiStages", "value": f"{each['apiId']}:{each['stage']}"}
                apigateway.update_usage_plan(usagePlanId=made, patchOperations=[patch])
            apigateway.delete_usage_plan(usagePlanId=made)

        self._undo.append(remove)
        return made

    def api_key(self, **key: Any) -> str:
        """An API key; gives its id."""
        apigateway = self._account.client("apigateway")
        made: str = apigateway.create_api_key(**key)["id"]
        self.ids["apigateway:api-key", key["name"]] = made
        self._undo.append(lambda: apigateway.delete_api_key(apiKey=made))
        return made

    def usage_plan_key(self, **key: str) -> None:
        """A key's place in a plan; it goes with the plan."""
        self._account.client("apigateway").create_usage_plan_key(**key)

    def schedule_group(self, name: str) -> str:
        """A schedule group; gives its ARN. What is in it goes with it."""
        scheduler = self._account.client("scheduler")
        arn: str = scheduler.create_schedule_group(Name=name)["ScheduleGroupArn"]
        self._undo.append(lambda: scheduler.delete_schedule_group(Name=name))
        return arn

    def schedule(self, **schedule: Any) -> None:
        """A schedule. It begins in an hour: lines of a run that it began would come after all is removed."""
        begin = datetime.now(UTC) + timedelta(hours=1)
        self._account.client("scheduler").create_schedule(**schedule, StartDate=begin)

    def concurrency(self, function: str, most: int) -> None:
        """How many runs of a function there may be at once; it goes with the function."""
        self._account.client("lambda").put_function_concurrency(
            FunctionName=function, ReservedConcurrentExecutions=most
        )

    def ip_set(self, **addresses: Any) -> str:
        """A set of addresses; gives its ARN."""
        waf = self._account.client("wafv2")
        made = waf.create_ip_set(**addresses)["Summary"]
        self._undo.append(lambda: waf.delete_ip_set(**_named(made), LockToken=made["LockToken"]))
        return str(made["ARN"])

    def web_acl(self, **web_acl: Any) -> str:
        """A web ACL; gives its ARN."""
        waf = self._account.client("wafv2")
        made = waf.create_web_acl(**web_acl)["Summary"]
        self._undo.append(lambda: waf.delete_web_acl(**_named(made), LockToken=made["LockToken"]))
        return str(made["ARN"])

    def association(self, web_acl: str, stage: str) -> None:
        """A web ACL before a stage."""
        waf = self._account.client("wafv2")
        waf.associate_web_acl(WebACLArn=web_acl, ResourceArn=stage)
        self._undo.append(lambda: waf.disassociate_web_acl(ResourceArn=stage))

    def permission(self, statement: str, **members: str) -> None:
        """A statement of a function's policy."""
        self._account.client("lambda").add_permission(StatementId=statement, **members)


def _named(made: Any) -> dict[str, Any]:
    """How calls of WAF name an item."""
    return {"Name": made["Name"], "Id": made["Id"], "Scope": "REGIONAL"}


def _zipped(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    return buffer.getvalue()


def camel(members: Mapping[str, Any]) -> dict[str, Any]:
    """Members with a small first letter, as API Gateway's calls have them."""
    return {name[:1].lower() + name[1:]: value for name, value in members.items()}
