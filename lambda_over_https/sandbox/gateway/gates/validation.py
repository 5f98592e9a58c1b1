"""Validates requests, as the method's request validator says.

Source: API Gateway developer guide, "Request validation for REST APIs in API Gateway".
"""

import json

from lambda_over_https.sandbox.gateway.errors import (
    BAD_REQUEST_BODY,
    BAD_REQUEST_PARAMETERS,
    ConfigurationError,
    GatewayError,
)
from lambda_over_https.sandbox.gateway.languages.budget import budgeted
from lambda_over_https.sandbox.gateway.mapping.compiled import compiled
from lambda_over_https.sandbox.gateway.request.exchange import Exchange
from lambda_over_https.sandbox.model.apis import Method

_REQUEST = "method.request."


def validate(exchange: Exchange, method: Method) -> None:
    """Apply the method's request validator. GatewayError (400) if the request does not pass."""
    validator = exchange.api.request_validators.get(method.request_validator_id or "")
    if validator is None:
        return
    if validator.validate_request_parameters:
        _validate_parameters(exchange, method)
    if validator.validate_request_body:
        _validate_body(exchange, method)


def _validate_parameters(exchange: Exchange, method: Method) -> None:
    required = (name.removeprefix(_REQUEST) for name, needed in method.request_parameters.items() if needed)
    missing = [
        name
        for place, _, name in (each.partition(".") for each in sorted(required))
        if not _present(place, name, exchange)
    ]
    if missing:
        names = ", ".join(missing)
        raise GatewayError(BAD_REQUEST_PARAMETERS, f"Missing required request parameters: [{names}]")


def _present(place: str, name: str, exchange: Exchange) -> bool:
    if place == "header":
        return bool(exchange.header(name))
    if place == "querystring":
        return bool(exchange.query.get(name))
    return bool(exchange.path_parameters.get(name))


def _validate_body(exchange: Exchange, method: Method) -> None:
    """Check the body, if there is a model for its content type or for ``$default``."""
    models = method.request_models
    name = models.get(exchange.content_type) or models.get("$default")
    if not name:
        return
    schema = compiled(exchange.api).schema(name)
    try:
        with budgeted():
            errors = list(schema.errors(json.loads(exchange.request.body or b"null")))
    except ValueError as error:
        errors = [str(error)]
    except RecursionError:
        raise ConfigurationError(f"the model {name} or the body is nested too deeply") from None
    if errors:
        validation = f"[{', '.join(errors)}]"
        reason = (
            f"Request body does not match model schema for content type {exchange.content_type}: {validation}"
        )
        raise GatewayError(BAD_REQUEST_BODY, reason=reason, validation=validation)
