"""No pattern, template, path or schema of a user stops the sandbox: each evaluation has a budget.

What costs too much is answered as a failed integration is: 500, with the reason in the log.
"""

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from lambda_over_https.sandbox.gateway.errors import ConfigurationError, GatewayError
from lambda_over_https.sandbox.gateway.languages import jsonpath
from lambda_over_https.sandbox.gateway.languages.budget import ExhaustedError, budgeted
from lambda_over_https.sandbox.gateway.languages.patterns import compile_ecma, compile_java
from lambda_over_https.sandbox.gateway.languages.schema import Schema
from lambda_over_https.sandbox.gateway.mapping.templates import MappingTemplate
from lambda_over_https.sandbox.model.apis import IntegrationResponse, Model, RequestValidator
from tests.kit.sandbox.gateway import JSON, FunctionError, World, api, lambda_method, mock_method

BUSY_SECONDS = 10.0
"""Far more than any budget, and far less than what is asked for would take."""

EVIL, VICTIM = "(a|aa)+$", "a" * 60 + "!"


@pytest.fixture(autouse=True)
def _in_time() -> Any:
    began = time.process_time()
    yield
    assert time.process_time() - began < BUSY_SECONDS


def why(world: World, body: str = "{}") -> str:
    """The reason in the log of an API that answers 500."""
    assert world.call(body, headers=JSON).status == 500
    tested = world.test(body=body, headers=JSON)
    assert tested["status"] == 500
    return str(tested["log"])


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a+)+$", VICTIM),
        ("(a|a?)+$", VICTIM),
        ("(.*)*x", "a" * 5000),
        (r"(?=(a+)+!)a*b", VICTIM + "a" * 30),
        (r"(\w+\s?)+:", "word " * 40),
        (".*.*.*.*.*.*.*x", "a" * 5000),
        ("^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 60),
    ],
)
def test_many_a_pattern_that_backtracks_elsewhere_is_matched_at_once(pattern: str, text: str) -> None:
    with budgeted():
        assert not compile_java(pattern).matches(text)


@pytest.mark.parametrize("pattern", [EVIL, "(a|a)*$", r"(a|aa|aaa)+\1$"])
def test_a_pattern_that_takes_too_long_is_given_up(pattern: str) -> None:
    for compiled in (compile_java(pattern), compile_ecma(f"^{pattern}")):
        with budgeted(), pytest.raises(ExhaustedError) as given_up:
            compiled.found("ab" * 40 + VICTIM if "b" in pattern else VICTIM)
        assert "its patterns take more than 0.25 s to match" in given_up.value.reason


def test_all_patterns_of_one_evaluation_share_the_time() -> None:
    with budgeted() as budget:
        compile_java("a+").matches("aaa")
        assert 0.2 < budget.pattern_seconds < 0.25
        budget.match(0.2)
        with pytest.raises(ExhaustedError):
            budget.match(0.05)


def test_harmless_patterns_match_as_often_as_one_likes() -> None:
    with budgeted():
        assert all(compile_java(".*four hundred.*").matches("Error: four hundred from") for _ in range(2000))


def test_a_selection_pattern_that_backtracks_is_a_500_with_the_reason_in_the_log() -> None:
    responses = (IntegrationResponse("200"), IntegrationResponse("400", selection_pattern=EVIL))
    world = World(api(mock_method("POST", responses=responses)))
    assert world.call("{}", headers=JSON).status == 200, "the status 200 is matched at once"

    world = World(api(lambda_method(responses=responses)), handler=failing(VICTIM))
    assert "its patterns take more than" in why(world)


def failing(message: str) -> Any:
    def handler(_: Any) -> Any:
        raise FunctionError(message)

    return handler


DOUBLED = '#set($a="0123456789")' + "#set($a=$a+$a)" * 60
NESTED = '#set($a=["x"])' + "#set($a=[$a,$a])" * 60
OBJECTS = '#set($a={"k":"x"})' + '#set($a={"k":$a,"l":$a})' * 60
LOOP = "#foreach($i in [1..1000]){}#end".format


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        (f'#set($t="{VICTIM}")$t.matches("{EVIL}")', "its patterns take more than 0.25 s"),
        (f'#set($t="{VICTIM}")$t.replaceAll("{EVIL}", "x")', "its patterns take more than 0.25 s"),
        (f'#set($t="{VICTIM}")$t.replaceFirst("{EVIL}", "x")', "its patterns take more than 0.25 s"),
        (f'#set($t="{VICTIM}")$t.split("{EVIL}").size()', "its patterns take more than 0.25 s"),
        (LOOP(LOOP(LOOP("x"))), "more than 300,000 steps"),
        (LOOP(LOOP("#set($x=1)#set($y=2)")), "more than 300,000 steps"),
        ("#foreach($i in [1..1001])x#end", "a #foreach has more than 1,000 rounds"),
        ("#set($r=[1..2000000000])$r.size()", "more than 300,000 steps"),
        (DOUBLED, "characters of text"),
        (DOUBLED.replace("$a+$a", '"$a$a"'), "characters of text"),
        (DOUBLED.replace("$a+$a", "$a.concat($a)"), "characters of text"),
        (DOUBLED.replace("$a+$a", '$a.replace("0", $a)'), "characters of text"),
        (DOUBLED.replace("$a+$a", '$a.replaceAll(".", $a)'), "characters of text"),
        ('#set($a="0123456789")#foreach($i in [1..40])#set($a="$a$a")#end$a', "characters of text"),
        ('#set($a=["x"])' + "#set($ignored=$a.addAll($a))" * 60 + "$a.size()", "more than 300,000 steps"),
        (f"{NESTED}$a", "more than 300,000 steps"),
        (f"{NESTED}#set($t=$a.toString())", "more than 300,000 steps"),
        (f"{OBJECTS}$a", "more than 300,000 steps"),
        (
            '#set($s="x")#set($a=$s.split("y"))'
            + '#set($b=$s.split("y"))#set($i=$b.add($a))#set($i=$b.add($a))#set($a=$b)' * 60
            + "$a",
            "more than 300,000 steps",
        ),
        ("#set($x=99999)" + "#set($x=$x*$x)" * 40 + "$x", "a number has more than"),
        ("#macro(m $n)#m($n)#end#m(1)", "mapping template"),
        ("#macro(m $n)#m($n)#m($n)#end#m(1)", "mapping template"),
        ('#evaluate("$util.x.__class__")', "#evaluate in a mapping template"),
        ('#include("/etc/passwd")', "#include in a mapping template"),
        ('#parse("/etc/passwd")', "#parse in a mapping template"),
        ("(" * 20000 + "#if(" + "(" * 20000, "mapping template"),
        ("#set($x=" + "[" * 5000, "mapping template"),
    ],
    ids=lambda text: text[:30],
)
def test_a_template_that_costs_too_much_is_a_500_with_the_reason_in_the_log(
    template: str, reason: str
) -> None:
    world = World(api(lambda_method(request_templates={"application/json": template})))
    assert reason in why(world)
    assert world.payloads == [], "the function was not called"


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('#set($a="ab")$a * 3', "ab * 3"),
        ('#set($x="ab" * 1000000000)[$!x]', "[]"),
        ('#set($x="%1000000000d" % 5)[$!x]', "[]"),
        ("#set($x=[1] * 1000000000)[$!x]", "[]"),
        ("#foreach($i in [1..1000])$i#end", "".join(map(str, range(1, 1001)))),
        (f'#set($a="{"x" * 100000}")$a.replaceAll("x", "yy").length()', "200000"),
    ],
    ids=lambda text: text[:30],
)
def test_what_is_within_the_budget_is_done(template: str, text: str) -> None:
    response = IntegrationResponse("200", response_templates={"application/json": template})
    answer = World(api(mock_method("POST", responses=(response,)))).call("{}", headers=JSON)
    assert (answer.status, answer.body.decode()) == (200, text)


def test_a_body_is_read_again_and_again_only_within_the_budget() -> None:
    template = LOOP("$input.json('$.a').length()")
    world = World(api(lambda_method(request_templates={"application/json": template})))
    large = json.dumps({"a": "x" * 2_000_000})
    assert "it takes more than" in why(world, large) or "it makes more than" in why(world, large)


def test_a_path_into_everything_of_everything_is_given_up() -> None:
    document: Any = "x"
    for _ in range(15):
        document = [document, document]
    with pytest.raises(ExhaustedError), budgeted():
        jsonpath.parse("$..*..*..*..*").find(document)


def test_a_schema_that_branches_without_end_is_given_up() -> None:
    branching: dict[str, Any] = {
        f"d{n}": {"anyOf": [{"$ref": f"#/definitions/d{n + 1}"}] * 2} for n in range(40)
    }
    branching["d40"] = {"type": "string"}
    schema = Schema({"definitions": branching, "$ref": "#/definitions/d0"}, {})
    with pytest.raises(ExhaustedError), budgeted():
        list(schema.errors(1))


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"a": {"pattern": EVIL}}},
        {"patternProperties": {EVIL: {}}},
        {"patternProperties": {EVIL: {}}, "additionalProperties": False},
    ],
)
def test_a_models_pattern_that_backtracks_is_a_500_with_the_reason_in_the_log(schema: dict[str, Any]) -> None:
    method = replace(lambda_method(), request_models={"application/json": "M"}, request_validator_id="v")
    models = {"M": Model("M", "application/json", json.dumps(schema))}
    validator = RequestValidator("v", validate_request_body=True)
    world = World(api(method, models=models, request_validators={"v": validator}))
    assert "its patterns take more than" in why(world, json.dumps({"a": VICTIM, VICTIM: 1}))


def test_a_template_fails_as_an_integration_does() -> None:
    with pytest.raises(ConfigurationError), budgeted() as budget:
        budget.step(10**9)
    assert issubclass(ExhaustedError, GatewayError)
    with pytest.raises(GatewayError):
        MappingTemplate("#set($x=" + "[" * 5000)
