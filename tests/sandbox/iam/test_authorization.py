"""Who calls, and what they may do: a function's role, users, and operators bound to a policy."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambda_over_https.sandbox.client.record import Sandbox
from tests.kit.sandbox.control import (
    ACCOUNT,
    REGION,
    Clients,
    client_of,
    create_function,
    keys_bound_to,
    package,
    policy,
    refused,
    trust_policy,
)

CALLER = """
import boto3

def handler(event, context):
    client = boto3.client(event["service"])
    answer = getattr(client, event["call"])(**event.get("arguments", {}))
    answer.pop("ResponseMetadata")
    return answer
"""


class Caller:
    """A function that makes the AWS call its event names, with its role's credentials."""

    def __init__(self, aws: Clients, name: str) -> None:
        self.client, self.iam, self.name = aws("lambda"), aws("iam"), name
        self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust_policy())
        self.role = f"arn:aws:iam::{ACCOUNT}:role/{name}"
        create_function(self.client, name, self.role, Code={"ZipFile": package(CALLER)}, Timeout=20)

    def allow(self, document: str) -> None:
        self.iam.put_role_policy(RoleName=self.name, PolicyName="only", PolicyDocument=document)

    def __call__(self, service: str, call: str, **arguments: Any) -> Any:
        event = json.dumps({"service": service, "call": call, "arguments": arguments})
        return json.loads(self.client.invoke(FunctionName=self.name, Payload=event)["Payload"].read())


@pytest.fixture
def caller(aws: Clients, unique: str) -> Caller:
    return Caller(aws, unique)


class TestAFunctionsRole:
    def test_the_function_is_its_role(self, caller: Caller) -> None:
        arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{caller.name}/{caller.name}"
        assert caller("sts", "get_caller_identity")["Arn"] == arn

    def test_what_no_policy_allows_is_denied_in_awss_words(self, caller: Caller) -> None:
        said = caller("dynamodb", "get_item", TableName="LambdaTable", Key={"Id": {"S": "1"}})
        assert said["errorType"] == "ClientError"
        assert said["errorMessage"] == (
            "An error occurred (AccessDeniedException) when calling the GetItem operation: "
            f"User: arn:aws:sts::{ACCOUNT}:assumed-role/{caller.name}/{caller.name} "
            f"is not authorized to perform: dynamodb:GetItem on resource: "
            f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/LambdaTable because no "
            "identity-based policy allows the dynamodb:GetItem action"
        )

    def test_a_policy_takes_effect_at_once(self, caller: Caller, table: str) -> None:
        item = {"TableName": table, "Item": {"Id": {"S": "1"}}}
        assert "errorMessage" in caller("dynamodb", "put_item", **item)
        caller.allow(policy("dynamodb:PutItem", resource=f"arn:aws:dynamodb:*:*:table/{table}"))
        assert caller("dynamodb", "put_item", **item) == {}
        caller.allow(policy("dynamodb:PutItem", resource="arn:aws:dynamodb:*:*:table/other"))
        assert "not authorized" in caller("dynamodb", "put_item", **item)["errorMessage"]

    def test_its_requests_tell_the_function_and_so_do_its_logs(self, aws: Clients, caller: Caller) -> None:
        """Lambda guide, "Using source function ARN to control function access behavior"."""
        arn, group = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{caller.name}", f"/aws/lambda/{caller.name}"
        for source, heard in ((f"{arn}-other", False), (arn, True)):
            caller.allow(policy("*", condition={"ArnEquals": {"lambda:SourceFunctionArn": source}}))
            assert ("errorMessage" in caller("dynamodb", "list_tables")) is not heard
            groups = aws("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]
            assert [each["logGroupName"] for each in groups] == [group] * heard

    def test_an_explicit_deny_says_so(self, caller: Caller) -> None:
        caller.allow(policy("dynamodb:*", effect="Deny"))
        said = caller("dynamodb", "list_tables")["errorMessage"]
        assert said.endswith("with an explicit deny in an identity-based policy")

    def test_an_attached_policy_counts(self, caller: Caller) -> None:
        caller.iam.attach_role_policy(
            RoleName=caller.name, PolicyArn="arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"
        )
        assert "TableNames" in caller("dynamodb", "list_tables")

    @pytest.mark.parametrize(
        ("service", "call", "arguments", "action", "resource"),
        [
            (
                "lambda",
                "get_function",
                {"FunctionName": "f"},
                "lambda:GetFunction",
                f"lambda:{REGION}:{ACCOUNT}:function:f",
            ),
            (
                "lambda",
                "invoke",
                {"FunctionName": "f"},
                "lambda:InvokeFunction",
                f"lambda:{REGION}:{ACCOUNT}:function:f",
            ),
            (
                "apigateway",
                "get_rest_api",
                {"restApiId": "a"},
                "apigateway:GET",
                f"apigateway:{REGION}::/restapis/a",
            ),
            ("iam", "get_role", {"RoleName": "r"}, "iam:GetRole", f"iam::{ACCOUNT}:role/r"),
            (
                "logs",
                "create_log_group",
                {"logGroupName": "g"},
                "logs:CreateLogGroup",
                f"logs:{REGION}:{ACCOUNT}:log-group:g:log-stream:",
            ),
        ],
    )
    def test_each_service_names_action_and_resource(
        self, caller: Caller, service: str, call: str, arguments: dict[str, Any], action: str, resource: str
    ) -> None:
        said = caller(service, call, **arguments)["errorMessage"]
        assert f"is not authorized to perform: {action} on resource: arn:aws:{resource} because" in said

    def test_a_deleted_roles_keys_stop_working(self, caller: Caller) -> None:
        caller("sts", "get_caller_identity")
        caller.iam.delete_role(RoleName=caller.name)
        assert "InvalidClientTokenId" in caller("sts", "get_caller_identity")["errorMessage"]
        caller.iam.create_role(RoleName=caller.name, AssumeRolePolicyDocument=trust_policy())
        assert "InvalidClientTokenId" in caller("sts", "get_caller_identity")["errorMessage"]

    def test_logs_are_written_only_if_the_role_may(self, aws: Clients, caller: Caller) -> None:
        group = f"/aws/lambda/{caller.name}"
        logs = aws("logs")
        caller("sts", "get_caller_identity")
        assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"] == []
        caller.allow(policy("logs:CreateLogStream", "logs:PutLogEvents"))
        caller("sts", "get_caller_identity")
        assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"] == []
        caller.allow(policy("logs:*", resource=f"arn:aws:logs:*:*:log-group:{group}:*"))
        caller("sts", "get_caller_identity")
        events = logs.filter_log_events(logGroupName=group)["events"]
        assert any(event["message"].startswith("REPORT") for event in events)

    def test_what_was_printed_is_logged_as_the_role_might_at_that_time(
        self, aws: Clients, caller: Caller
    ) -> None:
        group = f"/aws/lambda/{caller.name}"
        caller("sts", "no such call: printed while nothing is allowed")
        caller.allow(policy("logs:*"))
        caller("sts", "no such call: printed while all is allowed")
        caller.allow(policy("sts:*"))
        caller("sts", "no such call: printed when all is over")
        events = aws("logs").filter_log_events(logGroupName=group)["events"]
        said = "".join(event["message"] for event in events)
        assert "while all is allowed" in said
        assert said.count("START RequestId") == said.count("no such call: printed") == 1


class TestOthers:
    def test_the_keys_of_the_record_are_the_operators(self, aws: Clients) -> None:
        assert aws("sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/operator"

    @pytest.mark.parametrize(
        "keys", [{"key": "ASIAQAAAAAAAAAAAAAAA", "token": "x"}, {"key": "test", "secret": "test"}]
    )
    def test_keys_that_nobody_got_are_refused(self, sandbox: Sandbox, keys: dict[str, str]) -> None:
        invalid = "The security token included in the request is invalid."
        sts, ddb, lam = (client_of(sandbox, service, **keys) for service in ("sts", "dynamodb", "lambda"))
        assert refused(sts.get_caller_identity) == (403, "InvalidClientTokenId", invalid)
        assert refused(ddb.list_tables) == (400, "UnrecognizedClientException", invalid)
        assert refused(lam.list_functions) == (403, "UnrecognizedClientException", invalid)

    def test_a_wrong_secret_is_refused_by_each_service_in_its_own_words(self, sandbox: Sandbox) -> None:
        sts, ddb, lam = (client_of(sandbox, each, secret="wrong") for each in ("sts", "dynamodb", "lambda"))
        assert refused(sts.get_caller_identity)[:2] == (403, "SignatureDoesNotMatch")
        assert refused(ddb.list_tables)[:2] == (400, "InvalidSignatureException")
        assert refused(lam.list_functions)[:2] == (403, "InvalidSignatureException")
        assert refused(lam.invoke, FunctionName="f")[:2] == (403, "InvalidSignatureException")

    def test_a_users_key_that_is_switched_off_is_refused(
        self, aws: Clients, sandbox: Sandbox, unique: str
    ) -> None:
        iam = aws("iam")
        keys = keys_bound_to(iam, unique, policy("*"))
        assert "TableNames" in client_of(sandbox, "dynamodb", **keys).list_tables()
        iam.update_access_key(UserName=unique, AccessKeyId=keys["key"], Status="Inactive")
        client = client_of(sandbox, "dynamodb", **keys)
        assert refused(client.list_tables)[1] == "UnrecognizedClientException"

    def test_an_assumed_role_is_bound_by_its_policies(
        self, aws: Clients, sandbox: Sandbox, unique: str
    ) -> None:
        iam, principal = aws("iam"), {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
        role = iam.create_role(RoleName=unique, AssumeRolePolicyDocument=json.dumps({"Statement": statement}))
        iam.put_role_policy(RoleName=unique, PolicyName="logs", PolicyDocument=policy("logs:*"))
        given = aws("sts").assume_role(RoleArn=role["Role"]["Arn"], RoleSessionName="me")["Credentials"]
        keys = {
            "key": given["AccessKeyId"],
            "secret": given["SecretAccessKey"],
            "token": given["SessionToken"],
        }
        assert (
            client_of(sandbox, "logs", **keys).describe_log_groups(logGroupNamePrefix="x")["logGroups"] == []
        )
        with pytest.raises(ClientError, match="not authorized to perform: dynamodb:ListTables"):
            client_of(sandbox, "dynamodb", **keys).list_tables()

    @pytest.mark.parametrize(
        ("operator", "key", "until", "allowed"),
        [
            ("DateLessThan", "aws:CurrentTime", "2100-01-01", True),
            ("DateLessThan", "aws:CurrentTime", "4102444800", True),
            ("DateLessThan", "aws:CurrentTime", "2020-01-01T00:00:00Z", False),
            ("NumericLessThan", "aws:EpochTime", "4102444800", True),
            ("NumericLessThan", "aws:EpochTime", "1577836800", False),
        ],
    )
    def test_what_a_policy_allows_until_a_date_ends_with_it(
        self, aws: Clients, sandbox: Sandbox, unique: str, operator: str, key: str, until: str, allowed: bool
    ) -> None:
        document = policy("dynamodb:ListTables", condition={operator: {key: until}})
        keys = keys_bound_to(aws("iam"), unique, document)
        theirs = client_of(sandbox, "dynamodb", **keys)
        if allowed:
            assert "TableNames" in theirs.list_tables()
        else:
            assert refused(theirs.list_tables)[1] == "AccessDeniedException"

    def test_a_role_is_assumed_by_those_it_trusts(self, aws: Clients, role: str) -> None:
        assert refused(aws("sts").assume_role, RoleArn=role, RoleSessionName="me") == (
            403,
            "AccessDenied",
            (
                f"User: arn:aws:iam::{ACCOUNT}:user/operator is not authorized to perform: sts:AssumeRole on "
                f"resource: {role}"
            ),
        )

    def test_a_users_keys_are_bound_by_the_users_policies(
        self, aws: Clients, sandbox: Sandbox, unique: str
    ) -> None:
        iam = aws("iam")
        iam.create_user(UserName=unique)
        iam.put_user_policy(UserName=unique, PolicyName="p", PolicyDocument=policy("dynamodb:ListTables"))
        made = iam.create_access_key(UserName=unique)["AccessKey"]
        keys = {"key": made["AccessKeyId"], "secret": made["SecretAccessKey"]}
        assert "TableNames" in client_of(sandbox, "dynamodb", **keys).list_tables()
        assert refused(client_of(sandbox, "iam", **keys).list_roles) == (
            403,
            "AccessDenied",
            (
                f"User: arn:aws:iam::{ACCOUNT}:user/{unique} is not authorized to perform: "
                f"iam:ListRoles on resource: arn:aws:iam::{ACCOUNT}:role/ because no identity-based policy "
                "allows the iam:ListRoles action"
            ),
        )

    def test_a_users_group_counts_and_the_users_name_stands_in_its_policy(
        self, aws: Clients, sandbox: Sandbox, unique: str
    ) -> None:
        iam = aws("iam")
        iam.create_user(UserName=unique, Path="/class/")
        iam.create_group(GroupName=unique)
        iam.add_user_to_group(GroupName=unique, UserName=unique)
        own = policy("iam:GetRole", resource=f"arn:aws:iam::{ACCOUNT}:role/${{aws:username}}")
        iam.put_group_policy(GroupName=unique, PolicyName="own", PolicyDocument=own)
        iam.create_role(RoleName=unique, AssumeRolePolicyDocument=trust_policy())
        iam.create_role(RoleName=f"{unique}-2", AssumeRolePolicyDocument=trust_policy())
        made = iam.create_access_key(UserName=unique)["AccessKey"]
        theirs = client_of(sandbox, "iam", key=made["AccessKeyId"], secret=made["SecretAccessKey"])
        assert theirs.get_role(RoleName=unique)["Role"]["RoleName"] == unique
        assert refused(theirs.get_role, RoleName=f"{unique}-2")[1] == "AccessDenied"

    def test_the_tags_of_a_session_stand_in_the_roles_policy(
        self, aws: Clients, sandbox: Sandbox, unique: str
    ) -> None:
        iam, principal = aws("iam"), {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        statement = {
            "Effect": "Allow",
            "Principal": principal,
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        }
        trust = json.dumps({"Version": "2012-10-17", "Statement": statement})
        role = iam.create_role(RoleName=unique, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        own = policy("iam:GetRole", resource=f"arn:aws:iam::{ACCOUNT}:role/${{aws:PrincipalTag/who}}")
        iam.put_role_policy(RoleName=unique, PolicyName="own", PolicyDocument=own)
        untaggable = trust.replace('"sts:AssumeRole", "sts:TagSession"', '"sts:AssumeRole"')
        iam.update_assume_role_policy(RoleName=unique, PolicyDocument=untaggable)
        said = refused(
            aws("sts").assume_role,
            RoleArn=role,
            RoleSessionName="me",
            Tags=[{"Key": "who", "Value": unique}],
        )
        assert (said[1], "sts:TagSession" in said[2]) == ("AccessDenied", True)
        iam.update_assume_role_policy(RoleName=unique, PolicyDocument=trust)
        for tag, allowed in ((unique, True), ("other", False)):
            tags = [{"Key": "who", "Value": tag}]
            given = aws("sts").assume_role(RoleArn=role, RoleSessionName="me", Tags=tags)["Credentials"]
            keys = {
                "key": given["AccessKeyId"],
                "secret": given["SecretAccessKey"],
                "token": given["SessionToken"],
            }
            theirs = client_of(sandbox, "iam", **keys)
            if allowed:
                assert theirs.get_role(RoleName=unique)["Role"]["Arn"] == role
            else:
                assert refused(theirs.get_role, RoleName=unique)[1] == "AccessDenied"


def test_the_name_of_an_api_is_known_to_its_update_and_delete_alone(
    aws: Clients, sandbox: Sandbox, unique: str
) -> None:
    gateway = aws("apigateway")
    document = policy("apigateway:*", condition={"StringEquals": {"apigateway:Resource/ApiName": unique}})
    theirs = client_of(sandbox, "apigateway", **keys_bound_to(aws("iam"), unique, document))
    own, other = (gateway.create_rest_api(name=name) for name in (unique, f"{unique}-2"))
    patch = [{"op": "replace", "path": "/description", "value": "x"}]
    assert refused(theirs.get_rest_api, restApiId=own["id"])[1] == "AccessDeniedException"
    new = {"restApiId": own["id"], "parentId": own["rootResourceId"], "pathPart": "x"}
    assert refused(theirs.create_resource, **new)[1] == "AccessDeniedException"
    assert refused(theirs.update_rest_api, restApiId=other["id"], patchOperations=patch)[0] == 403
    assert refused(theirs.delete_rest_api, restApiId=other["id"])[0] == 403
    theirs.update_rest_api(restApiId=own["id"], patchOperations=patch)
    theirs.delete_rest_api(restApiId=own["id"])
    gateway.delete_rest_api(restApiId=other["id"])


class TestTheFunctionThatIsInvoked:
    def test_its_policy_is_enough_for_whom_it_names_unless_they_are_denied(
        self, aws: Clients, sandbox: Sandbox, unique: str, role: str
    ) -> None:
        create_function(aws("lambda"), unique, role)
        keys = keys_bound_to(aws("iam"), unique, policy("logs:*"))
        theirs, user = client_of(sandbox, "lambda", **keys), f"arn:aws:iam::{ACCOUNT}:user/{unique}"
        invoke = {"FunctionName": unique, "InvocationType": "DryRun"}
        assert refused(theirs.invoke, **invoke)[1] == "AccessDeniedException"
        aws("lambda").add_permission(
            FunctionName=unique, StatementId="s", Action="lambda:InvokeFunction", Principal=user
        )
        assert theirs.invoke(**invoke)["StatusCode"] == 204
        assert refused(theirs.get_function, FunctionName=unique)[1] == "AccessDeniedException"
        document = policy("lambda:*", effect="Deny")
        aws("iam").put_user_policy(UserName=unique, PolicyName="own", PolicyDocument=document)
        assert "explicit deny" in refused(theirs.invoke, **invoke)[2]

    def test_a_policy_names_a_version_by_its_own_arn(
        self, aws: Clients, sandbox: Sandbox, unique: str, role: str
    ) -> None:
        create_function(aws("lambda"), unique, role)
        aws("lambda").publish_version(FunctionName=unique)
        arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{unique}:1"
        keys = keys_bound_to(aws("iam"), unique, policy("lambda:InvokeFunction", resource=arn))
        theirs, dry = client_of(sandbox, "lambda", **keys), {"InvocationType": "DryRun"}
        for named in ({"FunctionName": unique, "Qualifier": "1"}, {"FunctionName": arn}):
            assert theirs.invoke(**named, **dry)["StatusCode"] == 204
        assert refused(theirs.invoke, FunctionName=unique, **dry)[1] == "AccessDeniedException"
