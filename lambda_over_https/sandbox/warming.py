"""One harmless call of each service, made as soon as the sandbox serves.

The first call of a service loads its model, its routes and moto's state for it: 30 to 90 ms in all. This way
the wait is over before the first client calls.
"""

from collections.abc import Iterator

from lambda_over_https.sandbox.control.aws_calls import JSON, PROTOCOLS, QUERY
from lambda_over_https.sandbox.model.account import DEFAULT_REGION
from lambda_over_https.sandbox.web.http import Request

_HARMLESS = {
    "iam": "Action=ListRoles&Version=2010-05-08",
    "logs": "Logs_20140328.DescribeLogGroups",
    "lambda": "/2015-03-31/functions/",
    "dynamodb": "DynamoDB_20120810.ListTables",
    "apigateway": "/restapis",
    "sts": "Action=GetCallerIdentity&Version=2011-06-15",
    "resourcegroupstaggingapi": "ResourceGroupsTaggingAPI_20170126.GetResources",
}
"""What to ask of each service, in the order in which ``loh run`` needs the services."""


def first_calls() -> Iterator[Request]:
    """The calls, as an SDK would send them."""
    for service, asked in _HARMLESS.items():
        signed = {"authorization": f"Credential=warm-up/20260101/{DEFAULT_REGION}/{service}/aws4_request"}
        if PROTOCOLS[service] == QUERY:
            form = {"content-type": "application/x-www-form-urlencoded"}
            yield Request("POST", "/", "", signed | form, asked.encode())
        elif PROTOCOLS[service] == JSON:
            target = {"content-type": "application/x-amz-json-1.1", "x-amz-target": asked}
            yield Request("POST", "/", "", signed | target, b"{}")
        else:
            yield Request("GET", asked, "", signed, b"")
