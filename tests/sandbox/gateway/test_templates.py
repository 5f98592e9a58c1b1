"""Mapping templates: Velocity with API Gateway's variables."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_over_https.sandbox.model.apis import ApiKey, IntegrationResponse, Method, Resource, UsagePlan
from tests.kit.sandbox.gateway import (
    ACCOUNT,
    API,
    JSON,
    FunctionError,
    World,
    api,
    header,
    lambda_method,
    mock_method,
    said,
)


def rendered(template: str, body: str = "", path: str = "/it", **request: object) -> str:
    """What a response template gives for a request with this body: the function echoes the event."""
    responses = (IntegrationResponse("200", response_templates={"application/json": template}),)
    method = lambda_method(responses=responses)
    resources = [Resource("res1", "/it", {"POST": method}), Resource("res2", "/it/{name}", {"POST": method})]
    world = World(api(resources=resources)).with_stage(variables={"colour": "blue"})
    response = world.call(body, path, **request)  # type: ignore[arg-type]
    assert response.status == 200, response.body
    return response.body.decode()


DOCUMENT = json.dumps({"a": {"b": [1, 2.5, {"c": "x,y"}]}, "s": "it's \"/é\n", "t": True, "n": None, "e": []})


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("$input.body", DOCUMENT),
        ("$input.json('$.a')", '{"b":[1,2.5,{"c":"x,y"}]}'),
        ("$input.json('$.s')", '"it\'s \\"/é\\n"'),
        ("$input.json('$.t')$input.json('$.n')", "truenull"),
        ("$input.json('$.nope')", '""'),
        ("$input.path('$.a')", '{b=[1,2.5,{"c":"x,y"}]}'),
        ("$input.path('$.a.b')", '[1,2.5,{"c":"x,y"}]'),
        ("$input.path('$.a.b[2]')", "{c=x,y}"),
        ("$input.path('$.a').b[2].c", "x,y"),
        ("$input.path('$.nope')|$input.path('$.n')|$input.path('$.t')", "||true"),
        ("$input.path('$.nope').deeper", ""),
        ("$input.path('$.a.b').size() $input.path('$.e').isEmpty()", "3 true"),
        ("$input.path('$.a.b[2].c').split(',').size()", "2"),
        ("$input.path('$.a.b[2].c').toUpperCase().replaceAll('[,]', '-')", "X-Y"),
        ("$input.path('$.a.b[2].c').replaceAll('(x),(y)', '$2$1')", "yx"),
        ("$input.path('$').keySet()", '["a","s","t","n","e"]'),
        (
            "#foreach($n in $input.path('$.a.b'))$foreach.index:$n#if($foreach.hasNext);#end#end",
            "0:1;1:2.5;2:{c=x,y}",
        ),
        ("#foreach($e in $input.path('$.a').entrySet())$e.key $e.getValue().size()#end", "b 3"),
        ("#if($input.path('$.nope'))yes#{else}no#end", "no"),
        ("#if($input.path('$.nope') == '')empty#end#if($input.path('$.n') == $null)null#end", "emptynull"),
        ("#if($input.path('$.nope').size() > 0)yes#{else}no#end", "no"),
        ("#if(!$input.path('$.nope'))no#end", "no"),
        ('#set($x = {"k": [1, "two"]})$x.k $x', "[1, two] {k=[1, two]}"),
        ('#set($l = [])#set($ok = $l.add("x"))$l.get(0)$l', "x[x]"),
        ('#set($m = {})#set($ok = $m.put("a", 1))$m.containsKey("a")$m.remove("a")$m.size()', "true10"),
        ('#set($x = "a" + 1)$x', "a1"),
        ("$util.escapeJavaScript($input.path('$.s'))", "it\\'s \\\"\\/\\u00E9\\n"),
        ("$util.escapeJavaScript($input.path('$.nope'))|", "|"),
        ("$util.urlEncode('a b&c=é~*')", "a+b%26c%3D%C3%A9%7E*"),
        ("$util.urlDecode('a+b%26')", "a b&"),
        ("$util.base64Encode('é')$util.base64Decode('w6k=')", "w6k=é"),
        ("$util.parseJson('{\"k\": [7]}').k[0]", "7"),
        ("$stageVariables.colour ${stageVariables.colour} $stageVariables.get('colour')", "blue blue blue"),
        ("$context.stage $context.httpMethod $context.resourcePath $context.apiId", f"prod POST /it {API}"),
        ("$context.accountId $context.identity.sourceIp", f"{ACCOUNT} 127.0.0.1"),
        ("$nothing|${nothing}|$!nothing|$input.params('nothing')", "|||"),
        ("costs $5 #hash \\$x", "costs $5 #hash $x"),
    ],
)
def test_a_template_gives(template: str, text: str) -> None:
    """Developer guide, "Mapping template and access logging variable reference"; Velocity user guide."""
    assert rendered(template, DOCUMENT) == text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("$input.params('name')", "from path"),
        ("$input.params('only')", "from query"),
        ("$input.params('X-Only')", "from header"),
        ("$input.params().path.name", "from path"),
        ("$input.params().querystring.name", "from query"),
        ("$input.params().header.get('X-Only')", "from header"),
        ("#foreach($p in $input.params().keySet())$p #end", "path querystring header "),
        ("$input.params('Connection')", ""),
    ],
)
def test_parameters_are_looked_for_in_path_query_and_headers(template: str, text: str) -> None:
    """Developer guide, "Mapping template reference", ``$input.params(x)``: path, query string, header."""
    headers = {"X-Only": "from header", "name": "header", "Connection": "close"}
    query = "name=from+query&only=from%20query"
    assert rendered(template, path="/it/from path", query=query, headers=headers) == text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("#foreach($n in [1..9])$n#if($n == 3)#break#end,#end.", "1,2,3."),
        ("#foreach($n in [1..9])$n#{break}x#end.", "1."),
        ("#foreach($a in [1..2])#foreach($b in [1..9])#if($b == 2)#break#end$a$b #end#end", "11 21 "),
        ("#foreach($n in [])x#break#end.", "."),
        ("a#break b", "a"),
        ("a#if(true)b#stop#end c", "ab"),
        ("#foreach($n in [1..9])$n#stop#end.", "1"),
        ("a#Stop", "a"),
        ("#ff00ff #breakfast #{name} \\#break", "#ff00ff #breakfast #{name} #break"),
    ],
)
def test_break_ends_a_loop_and_stop_the_template(template: str, text: str) -> None:
    """Velocity's user guide, "Break" and "Stop". What only looks like a directive is text."""
    assert rendered(template) == text


def test_nothing_after_a_stop_takes_effect() -> None:
    template = "#stop#set($context.responseOverride.status = 418)"
    assert rendered(template) == ""


@pytest.mark.parametrize(
    ("template", "named"),
    [
        ("$util.toJson($input.path('$'))", "$util.toJson"),
        ("$input.xml('$')", "$input.xml"),
        ("$input.path('$.s').getBytes()", "getBytes"),
        ("$input.path('$.s').__class__", "__class__"),
        ("$input.path('$.s').upper()", "upper"),
        ("$input.path('$.a[?(@.b)]')", "[?(@.b)]"),
        ("$input.json('$.a.length()')", "length()"),
        ("#if($x)unclosed", "mapping template"),
        ("#foreach($x in 5)$x#end", "not iterable"),
        ("#include('file')", "#include in a mapping template"),
        ("#evaluate('$x')", "#evaluate in a mapping template"),
        ("a #literal()b#end", "got: #end"),
        ("#[[$x]]#", "#[[ in a mapping template"),
        ("#{if}(true)x#{end}", "got: #{end}"),
        ("x #{set}($a = 1)", "#{set} in a mapping template"),
        ("#nope('x')", "nope"),
    ],
)
def test_what_a_template_uses_and_the_sandbox_has_not_is_a_500_that_names_it(
    template: str, named: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The sandbox says plainly what it does not support."""
    world = World(api(lambda_method(request_templates={"application/json": template})))
    response = world.call(DOCUMENT)
    assert (response.status, said(response)) == (500, {"message": "Internal server error"})
    assert named in caplog.text
    assert world.payloads == []


@pytest.mark.parametrize("template", ["$input.json('$')", "$input.path('$.a')", "$util.parseJson('{')"])
def test_a_template_that_reads_malformed_json_is_a_400(template: str) -> None:
    """A body that is no JSON cannot be read by ``$input.json``; it is the client's fault."""
    world = World(api(lambda_method(request_templates={"application/json": template})))
    response = world.call("{oops")
    assert response.status == 400
    assert said(response)["message"].startswith("Could not parse request body into json: ")


def test_a_request_template_builds_the_event() -> None:
    """Developer guide, "Mapping templates": the tutorial's event from the parts of a request."""
    template = """{
      "operation": "$input.params('operation')",
      "tableName": "$stageVariables.table",
      "payload": #if($input.body != "{}")$input.json('$')#else{}#end
    }"""
    world = World(api(lambda_method(request_templates={"application/json": template})))
    world.with_stage(variables={"table": "LambdaTable"})
    world.call('{"Key": {"Id": "1"}}', query="operation=read")
    world.call(query="operation=ping")
    assert world.events == [
        {"operation": "read", "tableName": "LambdaTable", "payload": {"Key": {"Id": "1"}}},
        {"operation": "ping", "tableName": "LambdaTable", "payload": {}},
    ]


def test_an_error_is_mapped_without_its_stack_trace() -> None:
    """Developer guide, "Handle custom Lambda errors": pick members of the error object by template."""

    def fail(event: object) -> None:
        raise FunctionError('[BadRequest] "quoted"')

    template = "{\"error\": $input.json('$.errorMessage'), \"type\": $input.json('$.errorType')}"
    bad_request = IntegrationResponse(
        "400",
        selection_pattern=r"\[BadRequest\](.|\n)*",
        response_templates={"application/json": template},
    )
    responses = (IntegrationResponse("200"), bad_request)
    response = World(api(lambda_method(responses=responses)), handler=fail).call("{}", headers=JSON)
    assert response.status == 400
    assert said(response) == {"error": '[BadRequest] "quoted"', "type": "FunctionError"}


def test_the_key_of_the_caller_is_in_the_context() -> None:
    """Developer guide, ``$context.identity.apiKey`` and ``apiKeyId``: of methods that require a key."""
    template = {"application/json": "$context.identity.apiKeyId=$context.identity.apiKey"}
    method = mock_method(responses=(IntegrationResponse("200", response_templates=template),))
    keyed = Method("GET", api_key_required=True, integration=method.integration, responses=method.responses)
    plan = UsagePlan("plan", keys=(ApiKey("key1", "x" * 20),))
    response = (
        World(api(keyed)).with_stage(usage_plans=(plan,)).call(verb="GET", headers={"x-api-key": "x" * 20})
    )
    assert response.body.decode() == "key1=" + "x" * 20
    assert header(response, "x-amzn-ErrorType") is None


@given(st.text(), st.dictionaries(st.text(), st.text(), max_size=3))
@settings(deadline=None)
def test_escape_java_script_makes_any_text_safe_in_a_json_string(text: str, other: dict[str, str]) -> None:
    """Developer guide, ``$util.escapeJavaScript``: single quotes have to be turned back for JSON."""
    quoted = """$util.escapeJavaScript($input.path('$.text')).replaceAll("\\\\'", "'")"""
    template = '{"text": "' + quoted + """", "o": $input.json('$.other')}"""
    document = json.dumps({"text": text, "other": other})
    assert json.loads(rendered(template, document)) == {"text": text, "o": other}
