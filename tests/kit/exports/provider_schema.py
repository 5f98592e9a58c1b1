r"""What the AWS provider of Terraform knows of the resources that we write: arguments, blocks, attributes.

``aws_provider.json`` beside the tests is an extract of the bindings that cdktn generates from the provider's
own schema. To make it anew (70 MB; nothing of the package is run):

    pip download --no-deps cdktn-provider-aws
    python -m tests.kit.exports.provider_schema cdktn_provider_aws-*.whl \
        > tests/infrastructure/aws_provider.json
"""

import ast
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

RESOURCES = (
    "api_gateway_api_key",
    "api_gateway_deployment",
    "api_gateway_method_settings",
    "api_gateway_rest_api",
    "api_gateway_stage",
    "api_gateway_usage_plan",
    "api_gateway_usage_plan_key",
    "cloudwatch_log_group",
    "dynamodb_table",
    "iam_role",
    "iam_role_policy",
    "lambda_function",
    "lambda_permission",
    "scheduler_schedule",
    "scheduler_schedule_group",
    "wafv2_ip_set",
    "wafv2_web_acl",
    "wafv2_web_acl_association",
)
SOURCES = ("caller_identity", "partition", "region")

_OF_TERRAFORM = frozenset(
    {"connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioners", "id_"}
)
_TYPES = {"builtins.str": "string", "builtins.bool": "bool", "jsii.Number": "number", "Mapping": "map"}


class Module:
    """The classes of one resource's module."""

    def __init__(self, source: str) -> None:
        self._classes = {each.name: each for each in ast.parse(source).body if isinstance(each, ast.ClassDef)}

    def resource(self) -> dict[str, Any]:
        """The resource that the module is about: its first class."""
        found = next(
            each
            for each in self._classes.values()
            if "TerraformResource" in _base(each) or "DataSource" in _base(each)
        )
        return {**self._arguments(found.name), "attributes": sorted(_properties(found))}

    def _arguments(self, name: str) -> dict[str, Any]:
        found = self._classes[name]
        init = next(
            each for each in found.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"
        )
        documents = dict(re.findall(r":param (\w+): (.*)", ast.get_docstring(init) or ""))
        known: dict[str, Any] = {"arguments": {}, "blocks": {}}
        for argument, default in zip(init.args.kwonlyargs, init.args.kw_defaults, strict=True):
            if argument.arg not in _OF_TERRAFORM and argument.annotation:
                self._argument(known, argument, default is None, documents.get(argument.arg, ""))
        return known

    def _argument(self, known: dict[str, Any], argument: ast.arg, required: bool, document: str) -> None:
        annotation = ast.unparse(argument.annotation) if argument.annotation else ""
        anchor = re.search(r"#(\w+) ", document)
        name = anchor[1] if anchor else argument.arg
        struct = next((each for each in re.findall(r"\w+", annotation) if each in self._classes), None)
        if struct and f"{name} block" in document:
            known["blocks"][name] = {"required": required, **self._arguments(struct)}
            return
        kind = next((kind for sign, kind in _TYPES.items() if sign in annotation), "object")
        kind = (
            "list" if "typing.Sequence" in annotation else "map" if "typing.Mapping" in annotation else kind
        )
        known["arguments"][name] = {"type": kind, "required": required}


def _base(found: ast.ClassDef) -> str:
    return " ".join(ast.unparse(each) for each in found.bases)


def _properties(found: ast.ClassDef) -> Iterator[str]:
    for each in found.body:
        decorators = " ".join(ast.unparse(one) for one in getattr(each, "decorator_list", []))
        if (
            isinstance(each, ast.FunctionDef)
            and "property" in decorators
            and not each.name.endswith("_input")
        ):
            yield each.name


def extract(wheel: str) -> dict[str, Any]:
    """The extract of a wheel of cdktn-provider-aws."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(each for each in names if each.endswith("METADATA"))).decode()

        def read(module: str) -> dict[str, Any]:
            return Module(archive.read(f"cdktn_provider_aws/{module}/__init__.py").decode()).resource()

        version = re.search(r"^Version: (.*)$", metadata, re.MULTILINE)
        provider = re.search(r"provider version ([\d.]+)", metadata)
        return {
            "source": f"cdktn-provider-aws {version[1] if version else '?'} (MPL-2.0)",
            "provider": provider[1] if provider else "?",
            "resource": {f"aws_{each}": read(each) for each in RESOURCES},
            "data": {f"aws_{each}": read(f"data_aws_{each}") for each in SOURCES},
        }


def _one_resource_a_line(found: dict[str, Any]) -> str:
    text = json.dumps(found, sort_keys=True)
    return re.sub(r', ("(?:aws_\w+|resource|source|provider)":)', r",\n\1", text) + "\n"


if __name__ == "__main__":
    sys.stdout.write(_one_resource_a_line(extract(sys.argv[1])))
