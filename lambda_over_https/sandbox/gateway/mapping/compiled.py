"""An API ready to serve: its routes, templates and patterns, each compiled once for a deployment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from lambda_over_https.sandbox.gateway.errors import ConfigurationError
from lambda_over_https.sandbox.gateway.languages.budget import budgeted
from lambda_over_https.sandbox.gateway.languages.patterns import Pattern, compile_java
from lambda_over_https.sandbox.gateway.languages.schema import Schema
from lambda_over_https.sandbox.gateway.mapping.templates import MappingTemplate
from lambda_over_https.sandbox.gateway.request.routing import Router
from lambda_over_https.sandbox.model.apis import Integration, IntegrationResponse, Method, Model, RestApi


class Templates:
    """Mapping templates by content type, parsed when they are first used. An empty one passes through."""

    def __init__(self, sources: Mapping[str, str | None]) -> None:
        self.sources = {key if key == "$default" else key.lower(): text for key, text in sources.items()}
        self._parsed: dict[str, MappingTemplate] = {}

    def get(self, content_type: str) -> MappingTemplate | None:
        """The template of a known content type; None if it is empty."""
        source = self.sources[content_type]
        if not source:
            return None
        if content_type not in self._parsed:
            self._parsed[content_type] = MappingTemplate(source)
        return self._parsed[content_type]


@dataclass(slots=True)
class CompiledResponse:
    """An integration response with its templates. ``pattern`` is None for the default response."""

    response: IntegrationResponse
    templates: Templates = field(init=False)

    def __post_init__(self) -> None:
        self.templates = Templates(self.response.response_templates)

    @property
    def pattern(self) -> Pattern | None:
        """The selection pattern. ConfigurationError if it is not valid."""
        text = self.response.selection_pattern
        if not text:
            return None
        try:
            return compile_java(text)
        except ValueError as error:
            raise ConfigurationError(f"selectionPattern {text!r}: {error}") from None


class CompiledMethod:
    """A method with its integration."""

    def __init__(self, method: Method, integration: Integration) -> None:
        self.method = method
        self.integration = integration
        self.request_templates = Templates(integration.request_templates)
        self._responses = [
            CompiledResponse(response) for _, response in sorted(integration.responses.items())
        ]

    def default_response(self, status: int) -> CompiledResponse:
        """The integration response without a selection pattern. ConfigurationError if there is none.

        ``status`` is the endpoint's.
        """
        for each in self._responses:
            if each.pattern is None:
                return each
        raise ConfigurationError(
            "No match for output mapping and no default endpoint response configured. "
            f"Endpoint Response Status Code: {status}"
        )

    def matching_response(self, text: str) -> CompiledResponse | None:
        """The response whose pattern matches the whole text; None if none does.

        If several match, AWS does not define which one it takes; here the lowest status wins.
        """
        with budgeted():
            for each in self._responses:
                if (pattern := each.pattern) is not None and pattern.matches(text):
                    return each
        return None


class CompiledApi:
    """The routes of an API, and its methods, which are compiled when they are first used."""

    def __init__(self, api: RestApi) -> None:
        self.router = Router(api.resources.values())
        self._models = api.models
        self._methods: dict[int, CompiledMethod] = {}

    def method(self, method: Method) -> CompiledMethod:
        """Compile a method of this API, once. ConfigurationError if it has no integration."""
        found = self._methods.get(id(method))
        if found is None:
            if method.integration is None:
                raise ConfigurationError("No integration defined for method")
            found = self._methods[id(method)] = CompiledMethod(method, method.integration)
        return found

    def schema(self, model: str) -> Schema:
        """The schema of a model. ConfigurationError if there is no such model."""
        if model not in self._models:
            raise ConfigurationError(f"there is no model {model}")
        return Schema(self._schemas[model], self._schemas)

    @cached_property
    def _schemas(self) -> dict[str, Any]:
        return {name: _parsed(model) for name, model in self._models.items()}


def _parsed(model: Model) -> Any:
    """The schema of a model; None if it is not JSON, which Schema refuses when it is used."""
    try:
        return json.loads(model.schema)
    except ValueError:
        return None


_compiled: WeakKeyDictionary[RestApi, CompiledApi] = WeakKeyDictionary()


def compiled(api: RestApi) -> CompiledApi:
    """Compile the API, once for each object."""
    found = _compiled.get(api)
    if found is None:
        found = _compiled[api] = CompiledApi(api)
    return found
