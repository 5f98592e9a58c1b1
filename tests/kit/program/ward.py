"""A deployment whose resources are spoilt one at a time, as somebody else, or bad luck, would."""

import json

from lambda_over_https.aws.policies.documents import trust_policy
from lambda_over_https.deployment.handler.sources import build_archive
from lambda_over_https.names import names_for
from tests.kit.program.support import Account


class Ward:
    """The live things of a deployment, for whoever wants to spoil them."""

    def __init__(self, account: Account, name: str) -> None:
        self.names = names_for(name)
        self.iam, self.lambda_ = account.client("iam"), account.client("lambda")
        self.dynamodb, self.apigateway = account.client("dynamodb"), account.client("apigateway")
        self.logs = account.client("logs")
        apis = account.listed("apigateway", "get_rest_apis", "items")
        [self.api] = [each["id"] for each in apis if each["name"] == self.names.api]
        items = self.apigateway.get_resources(restApiId=self.api)["items"]
        [self.resource] = [each["id"] for each in items if each["path"] == "/DynamoDBManager"]
        self.method = {"restApiId": self.api, "resourceId": self.resource, "httpMethod": "POST"}

    def permission_for_another_api(self) -> None:
        for sid in ("apigateway-test-2", "apigateway-prod-2"):
            self.lambda_.remove_permission(FunctionName=self.names.function, StatementId=sid)
        for sid in ("apigateway-test-2", "apigateway-prod-2"):
            self.lambda_.add_permission(
                FunctionName=self.names.function,
                StatementId=sid,
                Action="lambda:InvokeFunction",
                Principal="apigateway.amazonaws.com",
                SourceArn="arn:aws:execute-api:us-east-1:123456789012:another/*/POST/DynamoDBManager",
            )

    def permission_for_another_service(self) -> None:
        for sid, stage in (("apigateway-test-2", "*"), ("apigateway-prod-2", "prod")):
            self.lambda_.remove_permission(FunctionName=self.names.function, StatementId=sid)
            self.lambda_.add_permission(
                FunctionName=self.names.function,
                StatementId=sid,
                Action="lambda:InvokeFunction",
                Principal="events.amazonaws.com",
                SourceArn=f"arn:aws:execute-api:us-east-1:123456789012:{self.api}/{stage}/POST/DynamoDBManager",
            )

    def integration_of_a_missing_function(self) -> None:
        function = "arn:aws:lambda:us-east-1:123456789012:function:missing"
        self.apigateway.put_integration(
            **self.method,
            type="AWS",
            integrationHttpMethod="POST",
            uri=f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations",
        )
        self.apigateway.create_deployment(restApiId=self.api, stageName="prod")

    def method_changed_after_the_deployment(self) -> None:
        self.apigateway.update_method(
            **self.method,
            patchOperations=[{"op": "replace", "path": "/apiKeyRequired", "value": "true"}],
        )

    def role_without_policy(self) -> None:
        self.iam.delete_role_policy(RoleName=self.names.role, PolicyName=self.names.policy)

    def role_created_anew(self) -> None:
        tags = self.iam.list_role_tags(RoleName=self.names.role)["Tags"]
        policy = self.iam.get_role_policy(RoleName=self.names.role, PolicyName=self.names.policy)
        self.role_without_policy()
        self.iam.delete_role(RoleName=self.names.role)
        trust = json.dumps(trust_policy())
        self.iam.create_role(RoleName=self.names.role, AssumeRolePolicyDocument=trust, Tags=tags)
        self.iam.put_role_policy(
            RoleName=self.names.role,
            PolicyName=self.names.policy,
            PolicyDocument=json.dumps(policy["PolicyDocument"]),
        )

    def role_that_trusts_somebody_else(self) -> None:
        trust = json.dumps(trust_policy()).replace("lambda.amazonaws.com", "ec2.amazonaws.com")
        self.iam.update_assume_role_policy(RoleName=self.names.role, PolicyDocument=trust)

    def no_role(self) -> None:
        self.role_without_policy()
        self.iam.delete_role(RoleName=self.names.role)

    def no_table(self) -> None:
        self.dynamodb.delete_table(TableName=self.names.table)

    def no_function(self) -> None:
        self.lambda_.delete_function(FunctionName=self.names.function)

    def no_api(self) -> None:
        self.apigateway.delete_rest_api(restApiId=self.api)

    def no_stage(self) -> None:
        self.apigateway.delete_stage(restApiId=self.api, stageName="prod")

    def wrong_handler(self) -> None:
        self.lambda_.update_function_configuration(FunctionName=self.names.function, Handler="index.handler")

    def deprecated_runtime(self) -> None:
        self.lambda_.update_function_configuration(FunctionName=self.names.function, Runtime="python3.9")

    def throttle_of_nothing(self) -> None:
        self.apigateway.update_stage(
            restApiId=self.api,
            stageName="prod",
            patchOperations=[
                {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "0"},
                {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "0"},
            ],
        )

    def disabled_endpoint(self) -> None:
        self.apigateway.update_rest_api(
            restApiId=self.api,
            patchOperations=[{"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "true"}],
        )

    def throttle_of_nothing_for_the_method(self) -> None:
        path = "/~1DynamoDBManager/POST/throttling/burstLimit"
        self.apigateway.update_stage(
            restApiId=self.api,
            stageName="prod",
            patchOperations=[{"op": "replace", "path": path, "value": "0"}],
        )

    def no_concurrency(self) -> None:
        self.lambda_.put_function_concurrency(
            FunctionName=self.names.function, ReservedConcurrentExecutions=0
        )

    def permission_for_another_action(self) -> None:
        self.lambda_.remove_permission(FunctionName=self.names.function, StatementId="apigateway-prod-2")
        self.lambda_.add_permission(
            FunctionName=self.names.function,
            StatementId="apigateway-prod-2",
            Action="lambda:GetFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:us-east-1:123456789012:{self.api}/prod/POST/DynamoDBManager",
        )

    def environment_of_somebody_else(self) -> None:
        self.lambda_.update_function_configuration(
            FunctionName=self.names.function, Environment={"Variables": {"API_TOKEN": "very-secret"}}
        )

    def environment_with_another_table(self) -> None:
        variables = {"TABLE_NAME": "another", "API_TOKEN": "very-secret"}
        self.lambda_.update_function_configuration(
            FunctionName=self.names.function, Environment={"Variables": variables}
        )

    def log_group_without_tags(self) -> None:
        group = self.names.log_group
        self.logs.delete_log_group(logGroupName=group)
        self.logs.create_log_group(logGroupName=group)

    def no_log_group(self) -> None:
        self.logs.delete_log_group(logGroupName=self.names.log_group)

    def no_permission(self) -> None:
        self.lambda_.remove_permission(FunctionName=self.names.function, StatementId="apigateway-prod-2")

    def policy_that_says_something_else(self) -> None:
        statement = {"Effect": "Allow", "Action": "dynamodb:ListTables", "Resource": "*"}
        self.iam.put_role_policy(
            RoleName=self.names.role,
            PolicyName=self.names.policy,
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )

    def other_code(self) -> None:
        code = build_archive(b"def handler(event, context):\n    return 'other'\n", "python")
        self.lambda_.update_function_code(FunctionName=self.names.function, ZipFile=code)

    def no_method(self) -> None:
        self.apigateway.delete_method(**self.method)

    def no_response(self) -> None:
        self.apigateway.delete_integration_response(**self.method, statusCode="400")
        self.apigateway.delete_method_response(**self.method, statusCode="400")

    def response_mapped_to_something_else(self) -> None:
        self.apigateway.put_integration_response(**self.method, statusCode="500", selectionPattern="never")

    def no_resource(self) -> None:
        self.apigateway.delete_resource(restApiId=self.api, resourceId=self.resource)

    def boundary_without_the_table(self) -> None:
        boundary = "arn:aws:iam::aws:policy/CloudWatchLogsFullAccess"
        self.iam.put_role_permissions_boundary(RoleName=self.names.role, PermissionsBoundary=boundary)

    def policy_that_denies(self) -> None:
        deny = {"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
        self.iam.put_role_policy(RoleName=self.names.role, PolicyName="guard", PolicyDocument=document)

    def another_log_group(self) -> None:
        self.lambda_.update_function_configuration(
            FunctionName=self.names.function, LoggingConfig={"LogGroup": "/somebodys"}
        )
