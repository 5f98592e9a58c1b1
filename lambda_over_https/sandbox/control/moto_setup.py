"""Imports moto, and changes what must be different in a process that lives for days.

Importing moto takes about half a second, so only the server's own process does it, through ``load``.
"""

import copy
import functools
import importlib
import importlib.util
import os
import random
import string
import sys
import types
import uuid
from typing import Any

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.control.dynamodb import batches, items, stream_records, transactions
from lambda_over_https.sandbox.control.functions import layer_versions
from lambda_over_https.sandbox.control.functions import versions as function_versions
from lambda_over_https.sandbox.control.parsing import moto_request
from lambda_over_https.sandbox.model.account import ACCOUNT
from lambda_over_https.sandbox.model.times import lambda_time

RESPONSE_CLASSES = {
    "iam": ("moto.iam.responses", "IamResponse"),
    "sts": ("moto.sts.responses", "TokenResponse"),
    "lambda": ("moto.awslambda_simple.responses", "LambdaSimpleResponse"),
    "dynamodb": ("moto.dynamodb.responses", "DynamoHandler"),
    "apigateway": ("moto.apigateway.responses", "APIGatewayResponse"),
    "logs": ("moto.logs.responses", "LogsResponse"),
    "resourcegroupstaggingapi": (
        "moto.resourcegroupstaggingapi.responses",
        "ResourceGroupsTaggingAPIResponse",
    ),
    "events": ("moto.events.responses", "EventsHandler"),
    "scheduler": ("moto.scheduler.responses", "EventBridgeSchedulerResponse"),
}
"""Which of moto's classes serves a service, by botocore's name of the service."""


@functools.cache
def load() -> dict[str, Any]:
    """Import moto, once in a process, and return its response class for each service."""
    os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT
    _stand_in_for_openapi()
    _patch_core()
    _patch_api_gateway()
    items.patch()
    _patch_iam()
    _patch_lambda()
    stream_records.keep()
    batches.patch()
    transactions.patch()
    return {
        service: getattr(importlib.import_module(module), name)
        for service, (module, name) in RESPONSE_CLASSES.items()
    }


def _stand_in_for_openapi() -> None:
    """Make moto.apigateway importable without openapi-spec-validator and the dozen packages that it needs.

    Only ImportRestApi and PutRestApi use it, and those two calls do not reach moto.
    """
    if importlib.util.find_spec("openapi_spec_validator") is not None:
        return
    package = types.ModuleType("openapi_spec_validator")
    package.validate = None  # type: ignore[attr-defined]
    validation = types.ModuleType("openapi_spec_validator.validation")
    exceptions = types.ModuleType("openapi_spec_validator.validation.exceptions")
    exceptions.OpenAPIValidationError = ValueError  # type: ignore[attr-defined]
    for module in (package, validation, exceptions):
        sys.modules[module.__name__] = module


def _patch_core() -> None:
    from moto.core import common_models, responses
    from moto.core.config import default_user_config

    # Functions run in the sandbox's own workers, not in containers.
    default_user_config["lambda"] = {"use_docker": False}
    # For its dashboard, moto keeps every model object it ever made. A process that lives for days must not.
    common_models.BaseModel.__new__ = staticmethod(_new_untracked)
    # moto lists a class's methods, by inspection, for each call it serves.
    responses.gen_amzn_requestid_long = _request_id
    responses.method_names_from_class = functools.cache(responses.method_names_from_class)
    responses.BaseResponse.dispatch = classmethod(_dispatch)


def _patch_api_gateway() -> None:
    from moto.apigateway.models import Deployment, RestAPI

    create_deployment = RestAPI.create_deployment

    def keep_stage(self: Any, name: str, description: str, stage_variables: Any = None) -> Deployment:
        """A deployment to an existing stage keeps the stage's settings, as on AWS."""
        stage = self.stages.get(name)
        deployment = create_deployment(self, name, description, stage_variables)
        if stage is not None:
            stage.deployment_id = deployment.id
            stage.variables.update(stage_variables or {})
            self.stages[name] = stage
        return deployment

    RestAPI.create_deployment = keep_stage
    # moto serves deployed APIs to callers in its own process. Here the gateway serves them.
    RestAPI.update_integration_mocks = lambda *_: None


def _patch_iam() -> None:
    """Make IAM's unique IDs those of AWS (IAM user guide, "IAM identifiers"); moto's are of another form."""
    from moto.iam import models
    from moto.iam.policy_validation import IAMPolicyDocumentValidator, IAMTrustPolicyDocumentValidator

    models.random_policy_id = functools.partial(_unique_id, "ANPA")
    for kind, prefix in ((models.User, "AIDA"), (models.Group, "AGPA")):
        kind.__init__ = _identified(kind.__init__, prefix)

    check = IAMPolicyDocumentValidator._validate_condition_syntax  # noqa: SLF001 - moto has no other way in
    IAMPolicyDocumentValidator._validate_condition_syntax = staticmethod(  # noqa: SLF001
        lambda statement: check(_with_quoted_numbers(statement))
    )
    # The strict layer knows which actions a trust policy may have, for CreateRole too.
    IAMTrustPolicyDocumentValidator._validate_trust_policy_action = staticmethod(lambda _: None)  # noqa: SLF001 - moto has no other way in


def _with_quoted_numbers(statement: Any) -> Any:
    """The statement with its conditions' numbers as texts: AWS takes both, moto only texts."""
    for tests in (statement.get("Condition") or {}).values():
        for key, value in tests.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                tests[key] = str(value)
    return statement


def _identified(initialize: Any, prefix: str) -> Any:
    def init(self: Any, *arguments: Any, **more: Any) -> None:
        initialize(self, *arguments, **more)
        self.id = _unique_id(prefix)

    return init


def _unique_id(prefix: str) -> str:
    return prefix + "".join(random.choices(string.ascii_uppercase + "234567", k=17))  # noqa: S311 - no secret


def _patch_lambda() -> None:
    """Use Lambda's form of ``LastModified``, the sandbox's own layers and versions, and cheaper copies.

    Lambda writes 2026-11-23T09:16:11.155+0000. The sandbox refuses a VpcConfig that says anything, and moto
    fails on some that say nothing.
    moto copies functions in depth to list them all, each with all logs of the account: seconds and many
    megabytes after some thousand requests.
    """
    from moto.awslambda import models

    models.iso_8601_datetime_with_nanoseconds = lambda_time
    models.LambdaFunction._get_layers_data = layer_versions.attach  # noqa: SLF001 - moto has no other way in
    models.LambdaFunction.__deepcopy__ = lambda self, _: copy.copy(self)
    models.LambdaFunction.vpc_config = None
    models.LambdaStorage.publish_version = function_versions.publish
    _patch_updates(models.LambdaFunction)


def _patch_updates(function: Any) -> None:
    """Have updates do what moto does not: take the variables away, and change the architecture."""
    update_configuration, update_code = function.update_configuration, function.update_function_code

    def configure(self: Any, changes: dict[str, Any]) -> dict[str, Any]:
        if "Environment" in changes:
            changes = {**changes, "Environment": {"Variables": {}, **changes["Environment"]}}
        updated: dict[str, Any] = update_configuration(self, changes)
        return updated

    def change_code(self: Any, changes: dict[str, Any]) -> dict[str, Any]:
        self.architectures = changes.get("Architectures") or self.architectures
        updated: dict[str, Any] = update_code(self, changes)
        return updated

    function.update_configuration, function.update_function_code = configure, change_code


def _dispatch(cls: Any, call: AwsCall) -> Any:
    """Answer a call, in the form of a request that moto reads."""
    return cls()._dispatch(moto_request(call.service, call.region, call.request))  # noqa: SLF001 - what moto's own dispatch does


def _request_id(headers: dict[str, Any]) -> str:
    """A request id in AWS's form. moto draws 52 letters, one by one, for each call."""
    headers["x-amzn-requestid"] = str(uuid.uuid4())
    return str(headers["x-amzn-requestid"])


def _new_untracked(cls: type, *_: Any, **__: Any) -> Any:
    return object.__new__(cls)
