"""The control plane as every SDK meets it: each service answers, and nonsense gets one clear refusal."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event, get_ident

import pytest

from lambda_over_https.sandbox.client.record import Sandbox
from lambda_over_https.sandbox.control.thread import ControlThread
from tests.kit.account.signing import ask
from tests.kit.sandbox.control import ACCOUNT, REGION, Clients, client_of, refused


class TestServices:
    def test_sts_names_the_account(self, aws: Clients) -> None:
        assert aws("sts").get_caller_identity()["Account"] == ACCOUNT

    def test_events_keeps_rules_and_their_tags(self, aws: Clients, unique: str) -> None:
        events = aws("events")
        arn = events.put_rule(
            Name=unique, ScheduleExpression="rate(1 minute)", Tags=[{"Key": "k", "Value": "v"}]
        )["RuleArn"]
        assert arn == f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{unique}"
        assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "k", "Value": "v"}]
        events.delete_rule(Name=unique)
        assert refused(events.describe_rule, Name=unique)[1] == "ResourceNotFoundException"

    def test_tags_are_listed_by_each_service_and_found_by_the_tagging_api(
        self, aws: Clients, unique: str, function: str, table: str
    ) -> None:
        function_arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}"
        table_arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}"
        group_arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{unique}"
        aws("lambda").tag_resource(Resource=function_arn, Tags={"owner": unique})
        aws("dynamodb").tag_resource(ResourceArn=table_arn, Tags=[{"Key": "owner", "Value": unique}])
        aws("logs").create_log_group(logGroupName=unique, tags={"owner": unique})
        assert aws("lambda").list_tags(Resource=function_arn)["Tags"] == {"owner": unique}
        assert aws("dynamodb").list_tags_of_resource(ResourceArn=table_arn)["Tags"] == [
            {"Key": "owner", "Value": unique}
        ]
        assert aws("logs").list_tags_for_resource(resourceArn=group_arn)["tags"] == {"owner": unique}
        found = aws("resourcegroupstaggingapi").get_resources(
            TagFilters=[{"Key": "owner", "Values": [unique]}]
        )
        arns = {item["ResourceARN"] for item in found["ResourceTagMappingList"]}
        assert arns == {function_arn, table_arn, group_arn}

    def test_an_api_key_opens_nothing_when_it_is_gone(self, aws: Clients, unique: str) -> None:
        client = aws("apigateway")
        key = client.create_api_key(name=unique, enabled=True)
        assert client.get_api_key(apiKey=key["id"], includeValue=True)["value"] == key["value"]
        client.delete_api_key(apiKey=key["id"])
        assert refused(client.get_api_key, apiKey=key["id"])[1] == "NotFoundException"

    def test_every_answer_has_an_id_also_one_that_moto_has_no_part_in(
        self, aws: Clients, function: str, table: str
    ) -> None:
        granted = aws("lambda").add_permission(
            FunctionName=function,
            StatementId="one",
            Action="lambda:InvokeFunction",
            Principal="s3.amazonaws.com",
        )
        answers = [granted, aws("dynamodb").describe_table(TableName=table), aws("iam").list_roles()]
        assert all(each["ResponseMetadata"]["RequestId"] for each in answers)

    def test_regions_are_apart(self, aws: Clients, table: str) -> None:
        assert table not in aws("dynamodb", region="eu-west-1").list_tables()["TableNames"]

    def test_calls_at_the_same_time_are_all_served(self, sandbox: Sandbox, table: str) -> None:
        def put(number: int) -> None:
            client = client_of(sandbox, "dynamodb")
            for index in range(10):
                client.put_item(TableName=table, Item={"Id": {"S": f"{number}-{index}"}})
            client.close()

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(put, range(8)))
        client = client_of(sandbox, "dynamodb")
        assert client.scan(TableName=table, Select="COUNT")["Count"] == 80
        client.close()


class TestNonsense:
    @pytest.mark.parametrize(
        ("service", "call", "named"),
        [
            ("sqs", "list_queues", "sqs"),
            ("sns", "list_topics", "sns"),
            ("s3", "list_buckets", "s3"),
            ("ec2", "describe_vpcs", "ec2"),
            ("route53", "list_hosted_zones", "route53"),
            ("cloudwatch", "list_metrics", "monitoring"),
        ],
    )
    def test_a_service_that_is_not_served_is_named_in_its_own_protocol(
        self, sandbox: Sandbox, service: str, call: str, named: str
    ) -> None:
        status, code, message = refused(getattr(client_of(sandbox, service), call))
        assert (status, code) == (501, "UnknownService")
        assert message.startswith(f"The sandbox does not serve {named}, only apigateway, dynamodb,")

    def test_http_apis_which_share_a_name_in_signatures_are_not_served(self, sandbox: Sandbox) -> None:
        assert refused(client_of(sandbox, "apigatewayv2").get_apis) == (
            501,
            "NotImplemented",
            "Not in this sandbox: HTTP and WebSocket APIs (apigatewayv2). Use a REST API",
        )

    def test_a_region_that_is_none(self, sandbox: Sandbox) -> None:
        status, _, message = refused(client_of(sandbox, "lambda", region="moon-1").list_functions)
        assert (status, message) == (400, "AWS has no Region moon-1")

    @pytest.mark.parametrize(
        ("service", "headers", "body", "status", "code"),
        [
            (
                "dynamodb",
                {"X-Amz-Target": "DynamoDB_20120810.Nonsense"},
                "{}",
                400,
                "UnknownOperationException",
            ),
            (
                "dynamodb",
                {"X-Amz-Target": "DynamoDB_20120810.ListTables"},
                "{",
                400,
                "SerializationException",
            ),
            (
                "dynamodb",
                {"X-Amz-Target": "DynamoDB_20120810.ListTables"},
                "[]",
                400,
                "SerializationException",
            ),
            ("dynamodb", {}, "{}", 400, "UnknownOperationException"),
            ("iam", {}, "Action=Nonsense", 400, "InvalidAction"),
            ("lambda", {}, "{}", 404, "UnknownOperationException"),
        ],
    )
    def test_a_call_of_no_operation(
        self, sandbox: Sandbox, service: str, headers: dict[str, str], body: str, status: int, code: str
    ) -> None:
        answered, text = raw(sandbox, service, headers, body)
        assert answered == status
        assert code in text


def raw(sandbox: Sandbox, service: str, headers: dict[str, str], body: str) -> tuple[int, str]:
    """POST / as no SDK would; the status, and headers and body as one text."""
    kind = "application/x-www-form-urlencoded" if service == "iam" else "application/x-amz-json-1.0"
    return ask(sandbox, service, "POST", "/", {"Content-Type": kind, **headers}, body.encode())


class TestControlThread:
    def test_jobs_are_done_in_their_order_be_they_brief_or_not(self) -> None:
        async def done() -> list[int]:
            order: list[int] = []
            thread = ControlThread()
            jobs = [partial(order.append, number) for number in range(50)]
            await asyncio.gather(*(thread.run(job, brief=bool(n % 2)) for n, job in enumerate(jobs)))
            thread.close()
            return order

        assert asyncio.run(done()) == list(range(50))

    def test_a_brief_job_stays_on_the_event_loop_while_the_thread_has_nothing_to_do(self) -> None:
        async def where() -> list[int]:
            thread, go_on = ControlThread(), Event()
            idle = await thread.run(get_ident, brief=True)
            thread.submit(go_on.wait)
            behind = asyncio.ensure_future(thread.run(get_ident, brief=True))
            await asyncio.sleep(0)
            assert not behind.done()
            go_on.set()
            busy = await behind
            idle_again = await thread.run(get_ident, brief=True)
            thread.close()
            return [each == get_ident() for each in (idle, busy, idle_again)]

        assert asyncio.run(where()) == [True, False, True]

    def test_a_job_that_fails_fails_for_who_waits(self) -> None:
        async def run(*, brief: bool) -> None:
            thread = ControlThread()
            try:
                await thread.run(lambda: 1 // 0, brief=brief)
            finally:
                thread.close()

        for brief in (False, True):
            with pytest.raises(ZeroDivisionError):
                asyncio.run(run(brief=brief))
