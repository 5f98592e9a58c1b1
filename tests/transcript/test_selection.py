"""Which of all recorded calls stand behind what exists now."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from lambda_over_https.aws.policies.permissions import CALLS
from lambda_over_https.deployment.recorded.call import Call
from lambda_over_https.transcript.selection import effective, made_by
from tests.kit.account.clients import service_model

NUMBERS = ["1", "2.2", "3.1", "3.4"]
METHOD = {"restApiId": "a", "resourceId": "r", "httpMethod": "POST"}


def _call(operation: str, step: str = "3.4", service: str = "apigateway", **parameters: Any) -> Call:
    answer = {"id": parameters.pop("id")} if "id" in parameters else {}
    return Call("", parameters.pop("run", "1"), step, service, operation, parameters, answer)


def _left(*calls: Call) -> list[str]:
    return [call.operation for call in effective(calls, NUMBERS)]


def test_calls_stand_in_the_order_of_the_steps_though_they_were_made_side_by_side() -> None:
    assert _left(_call("CreateRestApi", "3.1"), _call("CreateRole", "2.2"), _call("GetRole", "2.2")) == [
        "CreateRole",
        "CreateRestApi",
    ]


def test_what_was_deleted_is_left_out_with_all_that_belonged_to_it() -> None:
    made = [_call("CreateRestApi", "3.1", name="x", id="a"), _call("PutMethod", **METHOD)]
    assert _left(*made, _call("DeleteRestApi", restApiId="a")) == []
    assert _left(*made, _call("DeleteRestApi", restApiId="b")) == ["CreateRestApi", "PutMethod"]


ARNS = [
    ("dynamodb", "Table", {"TableName": "t"}, "dynamodb:r:1:table/t"),
    ("apigateway", "RestApi", {"restApiId": "a"}, "apigateway:r::/restapis/a"),
    ("apigateway", "RestApi", {"restApiId": "a"}, "apigateway:r::/restapis/a/stages/prod"),
    ("lambda", "Function", {"FunctionName": "f"}, "lambda:r:1:function:f"),
    ("logs", "LogGroup", {"logGroupName": "/aws/lambda/f"}, "logs:r:1:log-group:/aws/lambda/f"),
]


@pytest.mark.parametrize(("service", "kind", "named", "arn"), ARNS)
def test_a_tag_on_what_was_deleted_goes_with_it_though_it_has_only_the_arn(
    service: str, kind: str, named: dict[str, str], arn: str
) -> None:
    create = _call(f"Create{kind}", service=service, **named, **({"id": "a"} if kind == "RestApi" else {}))
    tags = [
        _call("TagResource", service=service, **{key: f"arn:aws:{arn}"})
        for key in ("resourceArn", "Resource")
    ]
    delete = _call(f"Delete{kind}", service=service, **named)
    assert _left(create, *tags, delete) == []
    assert _left(*tags, delete) == [], "the answer to its create was lost"
    assert _left(create, *tags, delete, create, tags[0]) == [create.operation, "TagResource"]
    assert _left(create, *tags, create) == [create.operation], "somebody else deleted the first one"
    (name,) = named
    other = _call(f"Delete{kind}", service=service, **{name: f"{named[name]}2"})
    assert _left(create, *tags, other) == [create.operation, "TagResource", "TagResource"]


def test_a_tag_stays_when_a_setting_of_the_same_resource_or_a_part_of_it_is_deleted() -> None:
    tag = _call("TagResource", service="lambda", Resource="arn:aws:lambda:r:1:function:f")
    cap = _call("DeleteFunctionConcurrency", service="lambda", FunctionName="f")
    assert _left(tag, cap) == ["TagResource"]
    tag = _call("TagResource", resourceArn="arn:aws:apigateway:r::/restapis/a")
    assert _left(tag, _call("DeleteStage", **STAGE)) == ["TagResource"]


def test_a_firewall_goes_from_the_script_with_the_api_of_its_stage() -> None:
    stage = "arn:aws:apigateway:r::/restapis/a/stages/prod"
    guarded = _call("AssociateWebACL", service="wafv2", WebACLArn="w", ResourceArn=stage)
    assert _left(guarded, _call("DeleteRestApi", restApiId="a")) == []


def test_a_setting_goes_with_what_it_was_made_on_and_a_neighbour_of_the_same_name_stays() -> None:
    group = {"service": "logs", "logGroupName": "g"}
    calls = [_call("CreateLogGroup", **group), _call("PutRetentionPolicy", **group, days=7)]
    assert _left(*calls, _call("DeleteLogGroup", **group)) == []
    calls = [_call("PutMethod", **METHOD), _call("PutIntegration", **METHOD)]
    assert _left(*calls, _call("DeleteIntegration", **METHOD)) == ["PutMethod"]


def test_a_method_response_does_not_go_with_an_integration_response_of_the_same_status() -> None:
    made = [
        _call("PutMethod", **METHOD),
        _call("PutIntegration", **METHOD, integrationHttpMethod="POST"),
        _call("PutMethodResponse", **METHOD, statusCode="400"),
        _call("PutIntegrationResponse", **METHOD, statusCode="400"),
    ]
    assert _left(*made, _call("DeleteIntegrationResponse", **METHOD, statusCode="400")) == [
        "PutMethod",
        "PutIntegration",
        "PutMethodResponse",
    ]
    assert _left(*made, _call("DeleteIntegration", **METHOD)) == ["PutMethod", "PutMethodResponse"]
    assert _left(*made, _call("DeleteMethod", **METHOD)) == []


def test_the_integration_of_a_preflight_goes_with_its_method_though_it_leads_nowhere() -> None:
    """A MOCK has no integrationHttpMethod, so it has no parameter that the method has not."""
    options = {**METHOD, "httpMethod": "OPTIONS"}
    made = [_call("PutMethod", **options), _call("PutIntegration", **options, type="MOCK")]
    post = _call("PutIntegration", **METHOD, type="MOCK")
    assert _left(*made, post, _call("DeleteMethod", **options)) == ["PutIntegration"]
    assert _left(*made, post, _call("DeleteIntegration", **options)) == ["PutMethod", "PutIntegration"]


def test_a_later_call_on_the_same_thing_replaces_the_earlier_in_its_place() -> None:
    calls = [
        _call("PutIntegrationResponse", **METHOD, statusCode="200", responseTemplates={"a": "old"}),
        _call("CreateDeployment", restApiId="a", stageName="prod", id="d1"),
        _call("PutIntegrationResponse", **METHOD, statusCode="200", responseTemplates={"a": "new"}),
    ]
    left = effective(calls, NUMBERS)
    assert [call.operation for call in left] == ["PutIntegrationResponse", "CreateDeployment"]
    assert left[0].parameters["responseTemplates"] == {"a": "new"}


def test_an_update_replaces_an_earlier_one_only_if_it_sets_the_same_or_more() -> None:
    def update(**members: str) -> Call:
        return _call("UpdateFunctionConfiguration", "2.2", "lambda", FunctionName="f", **members)

    runtime, role, both = update(Runtime="nodejs24.x"), update(Role="r"), update(Runtime="p", Role="r")
    assert effective([runtime, role], NUMBERS) == [runtime, role]
    assert effective([runtime, role, both], NUMBERS) == [both]
    assert effective([both, role], NUMBERS) == [both, role], "the later one counts"
    assert effective([runtime, update(Runtime="python3.14")], NUMBERS) == [update(Runtime="python3.14")]


def test_a_patch_replaces_an_earlier_one_of_the_same_paths() -> None:
    def patch(*paths: str, value: str = "1") -> Call:
        operations = [{"op": "replace", "path": path, "value": value} for path in paths]
        return _call("UpdateStage", restApiId="a", stageName="prod", patchOperations=operations)

    rate, burst = patch("/a/rateLimit"), patch("/a/burstLimit")
    assert effective([rate, burst], NUMBERS) == [rate, burst]
    again = patch("/a/rateLimit", "/a/burstLimit", value="2")
    assert effective([rate, again], NUMBERS) == [again]


def test_a_gateway_response_is_told_from_others_by_its_type_and_takes_nothing_else_along() -> None:
    one, other = (_call("PutGatewayResponse", restApiId="a", responseType=each) for each in ("4XX", "5XX"))
    method = _call("PutMethod", **METHOD)
    assert effective([method, one, other], NUMBERS) == [method, one, other]
    gone = _call("DeleteGatewayResponse", restApiId="a", responseType="4XX")
    assert effective([method, one, other, gone], NUMBERS) == [method, other]


DELETES = sorted(call for call in CALLS if call.partition(":")[2].startswith(("Delete", "Remove")))


@pytest.mark.parametrize("call", DELETES)
def test_a_delete_takes_away_one_of_two_whichever_of_its_parameters_tells_them_apart(call: str) -> None:
    """By AWS's models: each parameter that a delete must have may be what makes the difference."""
    service, _, delete = call.partition(":")
    model = service_model(service)
    noun = delete.removeprefix("Delete").removeprefix("Remove")
    make = next(verb + noun for verb in ("Create", "Put", "Add") if verb + noun in model.operation_names)
    shape = model.operation_model(delete).input_shape
    assert shape
    needed = shape.required_members
    assert needed
    for name in needed:
        if f"{noun[0].lower()}{noun[1:]}Id" == name:
            continue  # told by the answer to the create
        this = dict.fromkeys(needed, "same")
        other = this | {name: "other"}
        made = [_call(make, "3.4", service, **this), _call(make, "3.4", service, **other)]
        assert effective(made, NUMBERS) == made, name
        gone = _call(delete, "3.4", service, **this)
        assert effective([*made, gone], NUMBERS) == made[1:], name


def test_what_a_chapter_that_is_off_asked_for_is_left_out_whoever_removed_it() -> None:
    added = _call("AddPermission", FunctionName="f", StatementId="s", service="lambda")
    for_cache = replace(added, parameters={"FunctionName": "f", "StatementId": "t"}, chapter="cache")
    assert effective([added, for_cache], NUMBERS, ["keys"]) == [added]
    assert effective([added, for_cache], NUMBERS, ["cache"]) == [added, for_cache]
    assert effective([added, for_cache], NUMBERS) == [added, for_cache]


def test_failed_calls_are_left_out() -> None:
    failed = Call("", "1", "3.1", "apigateway", "CreateRestApi", {}, {}, "TooManyRequestsException")
    assert effective([failed], NUMBERS) == []


def test_what_is_made_again_was_deleted_by_somebody_with_all_that_belonged_to_it() -> None:
    role = {"RoleName": "r"}
    first = [_call("CreateRole", "2.2", "iam", **role), _call("PutRolePolicy", "2.2", "iam", **role)]
    again = [_call("CreateRole", "2.2", "iam", **role)]
    assert _left(*first, *again) == ["CreateRole"]
    assert _left(*first, *again, first[1]) == ["CreateRole", "PutRolePolicy"]


def test_what_is_made_again_with_another_id_takes_along_what_named_the_old_one() -> None:
    made = [_call("CreateRestApi", "3.1", name="x", id="a"), _call("PutMethod", **METHOD)]
    again = _call("CreateRestApi", "3.1", name="x", id="b")
    left = effective([*made, again], NUMBERS)
    assert [(call.operation, call.answer) for call in left] == [("CreateRestApi", {"id": "b"})]


def test_a_permission_that_was_added_twice_is_added_once() -> None:
    permission = {"FunctionName": "f", "StatementId": "s", "service": "lambda"}
    assert _left(*[_call("AddPermission", **permission)] * 2) == ["AddPermission"]
    other = permission | {"StatementId": "t"}
    assert (
        _left(_call("AddPermission", **permission), _call("AddPermission", **other)) == ["AddPermission"] * 2
    )


def test_failed_tries_are_left_out() -> None:
    tried = _call("Invoke", "3.4", "lambda", Payload="a")
    failed = replace(tried, run="2", error="TooManyRequestsException", parameters={"Payload": "b"})
    assert effective([tried, failed], NUMBERS) == [tried]
    assert effective([failed], NUMBERS) == []


def test_of_the_tries_those_of_the_last_command_are_kept() -> None:
    calls = [_call("Invoke", "3.4", "lambda", run=run, Payload=sent) for run, sent in ("1a", "2a", "2b")]
    assert [call.run for call in effective(calls, NUMBERS)] == ["2", "2"]


def test_what_one_command_tried_twice_is_kept_once() -> None:
    """A drill repairs what it broke and checks it twice: a script that does the same need not."""
    calls = [_call("Invoke", "3.4", "lambda", run="1", Payload=sent) for sent in ("a", "b", "a")]
    assert [call.parameters["Payload"] for call in effective(calls, NUMBERS)] == ["a", "b"]


def test_what_belongs_to_no_step_is_left_out() -> None:
    assert _left(_call("UpdateFunctionCode", "drill", "lambda", FunctionName="f")) == []
    assert _left(_call("Invoke", "", "lambda", FunctionName="f")) == []  # by `call` or `doctor`


PLAN = {"usagePlanId": "p"}
STAGE = {"restApiId": "a", "stageName": "prod"}


def _patched(op: str, *paths: str) -> Call:
    return _call("UpdateStage", **STAGE, patchOperations=[{"op": op, "path": path} for path in paths])


def _paths(*calls: Call) -> list[list[str]]:
    return [
        [each["path"] for each in call.parameters["patchOperations"]] for call in effective(calls, NUMBERS)
    ]


def test_a_patch_replaces_an_earlier_one_of_the_same_paths_only() -> None:
    made = (_patched("replace", "/x/rate", "/x/burst"), _patched("replace", "/cache"))
    assert _paths(*made, _patched("replace", "/x/rate", "/x/burst")) == [["/cache"], ["/x/rate", "/x/burst"]]


def test_a_patch_that_takes_off_what_an_earlier_one_set_leaves_neither() -> None:
    made = (_patched("replace", "/x/rate", "/x/burst"), _patched("replace", "/cache"))
    assert _paths(*made, _patched("remove", "/x")) == [["/cache"]]
    assert _paths(*made, _patched("remove", "/x"), made[0]) == [["/cache"], ["/x/rate", "/x/burst"]]
    assert _paths(_patched("remove", "/y")) == [["/y"]], "somebody else may have set it"


def test_a_key_that_is_deleted_takes_only_itself_along() -> None:
    """DeleteApiKey calls the id "apiKey", the plan's calls call it "keyId"."""
    made = [
        _call("CreateUsagePlan", name="plan", id="p"),
        _call("CreateApiKey", name="one", id="k1"),
        _call("CreateApiKey", name="two", id="k2"),
        _call("CreateUsagePlanKey", **PLAN, keyId="k1"),
        _call("CreateUsagePlanKey", **PLAN, keyId="k2"),
    ]
    assert _left(*made, _call("DeleteApiKey", apiKey="k1")) == [
        "CreateUsagePlan",
        "CreateApiKey",
        "CreateUsagePlanKey",
    ]
    assert _left(*made, _call("DeleteUsagePlan", **PLAN)) == ["CreateApiKey", "CreateApiKey"]
    taken = effective([*made, _call("DeleteUsagePlanKey", **PLAN, keyId="k2")], NUMBERS)
    assert [call.parameters.get("keyId") for call in taken] == [None, None, None, "k1"]


CACHE_ON = [
    {"op": "replace", "path": "/cacheClusterEnabled", "value": "true"},
    {"op": "replace", "path": "/cacheClusterSize", "value": "0.5"},
    {"op": "replace", "path": "/~1x/GET/caching/enabled", "value": "true"},
]
CACHE_OFF = [
    {"op": "replace", "path": "/cacheClusterEnabled", "value": "false"},
    {"op": "remove", "path": "/~1x/GET"},
]


def test_a_cache_that_was_switched_off_is_not_made_again() -> None:
    stage = {"restApiId": "a", "stageName": "prod"}
    on = _call("UpdateStage", "cache", patchOperations=CACHE_ON, **stage)
    off = _call("UpdateStage", "cache", patchOperations=CACHE_OFF, **stage)
    assert effective([on, off], [*NUMBERS, "cache"]) == []
    assert effective([on, off, on], [*NUMBERS, "cache"]) == [on]


def test_a_method_that_asks_for_no_key_any_more_is_not_told_so() -> None:
    def asks(value: str) -> Call:
        patch = {"op": "replace", "path": "/apiKeyRequired", "value": value}
        return _call("UpdateMethod", **METHOD, patchOperations=[patch])

    method = _call("PutMethod", **METHOD)
    assert _left(method, asks("true"), asks("false")) == ["PutMethod"]
    assert _left(method, asks("true"), asks("false"), asks("true")) == ["PutMethod", "UpdateMethod"]
    with_key = _call("PutMethod", **METHOD, apiKeyRequired=True)
    assert _left(with_key, asks("false")) == ["PutMethod", "UpdateMethod"], "it was made with the key"


def test_a_policy_that_was_taken_off_the_api_is_not_put_there_again() -> None:
    def policy(text: str) -> Call:
        patch = {"op": "replace", "path": "/policy", "value": text}
        return _call("UpdateRestApi", restApiId="a", patchOperations=[patch])

    renamed = _call("UpdateRestApi", restApiId="a", patchOperations=[{"op": "replace", "path": "/name"}])
    assert _left(policy("{}"), policy("")) == []
    assert _left(renamed, policy("{}"), policy("")) == ["UpdateRestApi"]


def test_a_cap_that_is_taken_off_takes_no_permission_along() -> None:
    permission = _call("AddPermission", "3.4", "lambda", FunctionName="f", StatementId="s")
    cap = _call("PutFunctionConcurrency", "3.4", "lambda", FunctionName="f")
    off = _call("DeleteFunctionConcurrency", "3.4", "lambda", FunctionName="f")
    assert effective([permission, cap, off], NUMBERS) == [permission]


def test_a_firewall_that_was_taken_off_and_deleted_is_left_out() -> None:
    acl = Call("", "1", "3.4", "wafv2", "CreateWebACL", {"Name": "n"}, {"Summary": {"Id": "i", "ARN": "w"}})
    stage = _call("AssociateWebACL", "3.4", "wafv2", WebACLArn="w", ResourceArn="s")
    off = _call("DisassociateWebACL", "3.4", "wafv2", ResourceArn="s")
    assert effective([acl, stage], NUMBERS) == [acl, stage]
    assert effective([acl, stage, off], NUMBERS) == [acl]
    gone = _call("DeleteWebACL", "3.4", "wafv2", Name="n", Id="i", Scope="REGIONAL", LockToken="t")
    assert effective([acl, stage, off, gone], NUMBERS) == []


def test_a_delete_of_another_service_takes_nothing_along() -> None:
    made = _call("CreateRole", "2.2", "iam", Name="n")
    assert effective([made, _call("DeleteRole", "2.2", "lambda", Name="n")], NUMBERS) == [made]
    assert effective([made, _call("DeleteRole", "2.2", "iam")], NUMBERS) == [made], "it names nothing"
    assert effective([made, _call("DeleteRole", "2.2", "iam", Force=True)], NUMBERS) == [made]
    assert effective([made, _call("DeleteRole", "2.2", "iam", Name="n")], NUMBERS) == []


def test_what_a_recorded_call_has_set_to_the_same_is_made_by_it() -> None:
    response = partial(_call, "PutMethodResponse", **METHOD)
    recorded = [response(statusCode="200", models={"a": "Empty"}), response(statusCode="400", models={})]
    assert made_by(response(statusCode="200", models={"a": "Empty"}), recorded)
    assert made_by(response(statusCode="200"), recorded), "it set more"
    assert not made_by(response(statusCode="200", models={"a": "Error"}), recorded)
    assert not made_by(response(statusCode="200", parameters={"h": False}), recorded)
    assert not made_by(response(statusCode="500"), recorded)
    assert not made_by(_call("PutIntegrationResponse", **METHOD, statusCode="200"), recorded)
    assert not made_by(response(statusCode="200"), [])


def test_several_patches_of_a_resource_may_have_made_together_what_one_makes() -> None:
    def patch(*paths: str, value: str = "1", stage: str = "prod") -> Call:
        operations = [{"op": "replace", "path": path, "value": value} for path in paths]
        return _call("UpdateStage", restApiId="a", stageName=stage, patchOperations=operations)

    recorded = [patch("/rate"), patch("/burst")]
    assert made_by(patch("/rate", "/burst"), recorded)
    assert not made_by(patch("/rate", "/burst", "/cache"), recorded)
    assert not made_by(patch("/rate", value="2"), recorded)
    assert made_by(patch("/rate", value="2"), [*recorded, patch("/rate", value="2")]), "the last one counts"
    assert not made_by(patch("/rate", stage="test"), recorded)


def test_what_was_changed_afterwards_need_not_have_been_made_as_it_is_now() -> None:
    made = _call("PutMethod", **METHOD)
    wanted = _call("PutMethod", **METHOD, apiKeyRequired=True)
    update = _call("UpdateMethod", **METHOD)
    assert made_by(wanted, [made, update])
    assert not made_by(wanted, [update]), "nothing made it"
    assert not made_by(wanted, [made, replace(update, service="lambda")])
    assert not made_by(wanted, [made, _call("UpdateMethod", **{**METHOD, "httpMethod": "GET"})])
    assert not made_by(wanted, [made, _call("UpdateIntegration", **METHOD)])


def test_an_update_of_what_a_create_made_names_it_by_the_id_that_was_answered() -> None:
    made = _call("CreateApiKey", name="alice", enabled=False)
    wanted = _call("CreateApiKey", name="alice", enabled=True, id="k1")
    assert made_by(wanted, [made, _call("UpdateApiKey", apiKey="k1")])
    assert not made_by(wanted, [made, _call("UpdateApiKey", apiKey="k2")])


def test_what_a_learner_made_by_hand_may_lack_a_description() -> None:
    wanted = _call("CreateResource", restApiId="a", description="ours", pathPart="p")
    made = replace(wanted, parameters={"restApiId": "a", "pathPart": "p"})
    assert not made_by(wanted, [made])
    assert made_by(wanted, [replace(made, by_hand=True)])


def test_a_header_is_set_only_after_the_patch_that_declares_it() -> None:
    place = {**METHOD, "statusCode": "200"}
    declared: dict[str, Any] = {
        "patchOperations": [{"op": "add", "path": "/responseParameters/h", "value": "false"}]
    }
    calls = [
        _call("PutMethodResponse", **place),
        _call("PutIntegrationResponse", **place),
        _call("UpdateMethodResponse", **place, **declared),
        _call("PutIntegrationResponse", **place, responseParameters={"h": "'*'"}),
    ]
    assert _left(*calls) == ["PutMethodResponse", "UpdateMethodResponse", "PutIntegrationResponse"]
    assert effective(calls, NUMBERS)[-1].parameters["responseParameters"] == {"h": "'*'"}
