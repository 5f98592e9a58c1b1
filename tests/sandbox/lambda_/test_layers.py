"""What a handler has of its layers: their modules, programs and libraries, where AWS has /opt."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.kit.sandbox.lambda_fixtures import lab_fixture, open_lab_fixture, sdk_fixture  # noqa: F401
from tests.kit.sandbox.lambda_lab import NODEJS, PYTHON, Lab, needs_node


def layered(folder: Path, files: Mapping[str, str]) -> Path:
    """A folder with the files of a function's layers."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


SAY = "import said\ndef handler(event, context):\n    return said.text\n"


def test_a_python_handler_imports_from_the_layer(lab: Lab, tmp_path: Path) -> None:
    layers = layered(tmp_path, {"python/said.py": "text = 'from a layer'\n"})
    assert lab.result(lab.python(SAY, layers=layers)) == "from a layer"


def test_the_functions_own_module_comes_first_and_then_the_site_packages_of_its_runtime(
    lab: Lab, tmp_path: Path
) -> None:
    layers = layered(
        tmp_path,
        {
            "python/said.py": "text = 'python'\n",
            f"python/lib/{PYTHON}/site-packages/said.py": "text = 'site-packages'\n",
            "python/lib/python3.9/site-packages/said.py": "text = 'of another runtime'\n",
        },
    )
    assert lab.result(lab.python(SAY, layers=layers)) == "site-packages"
    own = {"main.py": SAY, "said.py": "text = 'own'\n"}
    assert lab.result(lab.write(own, PYTHON, layers=layers)) == "own"


def test_a_layer_may_bring_its_own_version_of_what_the_runtime_has(lab: Lab, tmp_path: Path) -> None:
    layers = layered(tmp_path, {"python/boto3.py": "text = 'mine'\n"})
    source = "import boto3\ndef handler(event, context):\n    return boto3.text\n"
    assert lab.result(lab.python(source, layers=layers)) == "mine"


def test_a_stack_trace_names_the_layers_files_as_aws_does(lab: Lab, tmp_path: Path) -> None:
    layers = layered(tmp_path, {"python/said.py": "def fail():\n    raise ValueError('x')\n"})
    source = "import said\ndef handler(event, context):\n    said.fail()\n"
    trace = lab.error(lab.python(source, layers=layers))["stackTrace"]
    assert ['File "/var/task/main.py"' in trace[0], 'File "/opt/python/said.py"' in trace[1]] == [True, True]


def test_the_layers_programs_and_libraries_are_in_the_paths(lab: Lab, tmp_path: Path) -> None:
    layers = layered(tmp_path, {"bin/greet": "#!/bin/sh\necho hello\n"})
    (layers / "bin" / "greet").chmod(0o755)
    source = (
        "import os, subprocess\n"
        "def handler(event, context):\n"
        "    said = subprocess.run('greet', capture_output=True, text=True).stdout\n"
        "    return [said, os.environ['LD_LIBRARY_PATH']]\n"
    )
    assert lab.result(lab.python(source, layers=layers)) == ["hello\n", str(layers / "lib")]


@needs_node
@pytest.mark.usefixtures("sdk")
class TestNode:
    @pytest.mark.parametrize(
        "files",
        [
            {"main.js": "const said = require('said');\nexports.handler = async () => said.text;\n"},
            {"main.mjs": "import said from 'said';\nexport const handler = async () => said.text;\n"},
        ],
        ids=["CommonJS", "ES module"],
    )
    @pytest.mark.parametrize("folder", ["nodejs/node_modules", "nodejs/node24/node_modules"])
    def test_a_handler_imports_from_the_layer(
        self, lab: Lab, tmp_path: Path, files: dict[str, str], folder: str
    ) -> None:
        layers = layered(tmp_path, {f"{folder}/said/index.js": "exports.text = 'from a layer';\n"})
        assert lab.result(lab.write(files, NODEJS, layers=layers)) == "from a layer"

    @pytest.mark.parametrize("name", ["main.js", "main.mjs"])
    def test_the_sdk_is_still_there(self, lab: Lab, tmp_path: Path, name: str) -> None:
        client = "@aws-sdk/client-dynamodb"
        source = {
            "main.js": f"const sdk = require('{client}');\nexports.handler = () => typeof sdk.DynamoDB;\n",
            "main.mjs": f"import * as s from '{client}';\nexport const handler = () => typeof s.DynamoDB;\n",
        }[name]
        layers = layered(tmp_path, {"nodejs/node_modules/said/index.js": ""})
        assert lab.result(lab.write({name: source}, NODEJS, layers=layers)) == "function"

    def test_a_stack_trace_names_the_layers_files_as_aws_does(self, lab: Lab, tmp_path: Path) -> None:
        fail = "exports.fail = () => { throw new Error('x'); };\n"
        layers = layered(tmp_path, {"nodejs/node_modules/said/index.js": fail})
        source = "exports.handler = async () => require('said').fail();\n"
        trace = "\n".join(lab.error(lab.node(source, layers=layers))["trace"])
        assert "/opt/nodejs/node_modules/said/index.js:1" in trace
        assert "/var/task/main.js:1" in trace
