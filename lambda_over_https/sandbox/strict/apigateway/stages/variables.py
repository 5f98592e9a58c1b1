"""Stage variables: of which characters their names and values are."""

import re
from collections.abc import Mapping

from lambda_over_https.sandbox.strict.apigateway.lookups import bad_request


def check_variables(variables: Mapping[str, str]) -> None:
    """Stage variables have names and values of some characters (API Gateway guide, "Use stage variables").

    The words about a value, and that it may have spaces, are as reported.
    """
    for name, value in variables.items():
        if not re.fullmatch("[A-Za-z0-9_]+", name):
            raise bad_request(f"Invalid stage variable name: {name}. It may have letters, digits and _")
        if not re.fullmatch("[A-Za-z0-9 ._~:/?#&=,-]*", value):
            raise bad_request(
                f"Invalid stage variable value of key {name}.  Please use values with alphanumeric "
                "characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','."
            )
