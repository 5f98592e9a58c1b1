"""Resource Groups Tagging: API Gateway takes part, which in moto it does not."""

from collections.abc import Iterator
from typing import Any

from lambda_over_https.sandbox.strict.apigateway.tags import find_tagged


def cover_rest_apis() -> None:
    """Let moto's tagging API see REST APIs, stages, usage plans and API keys.

    To be called before the first call reaches moto's API Gateway: it changes the class that moto makes
    each Region's API Gateway of.
    """
    from moto.apigateway.models import APIGatewayBackend, apigateway_backends
    from moto.core.resource_tagging import TaggableResourcesMixin, TaggedResource

    class TaggedApis(APIGatewayBackend, TaggableResourcesMixin):  # type: ignore[misc]
        SERVICE_NAMESPACE = "apigateway"

        def iter_tagged_resources(self) -> Iterator[Any]:
            root = f"arn:{self.partition}:apigateway:{self.region_name}::"
            for kind, path, resource in _tagged_resources(self):
                yield TaggedResource(f"{root}{path}", resource.tags or {}, f"apigateway:{kind}")

        def tag_resource(self, arn: str, tags: dict[str, str]) -> None:
            resource = find_tagged(self.region_name, arn)
            resource.tags = {**(resource.tags or {}), **tags}

        def untag_resource(self, arn: str, tag_keys: list[str]) -> None:
            resource = find_tagged(self.region_name, arn)
            resource.tags = {
                key: value for key, value in (resource.tags or {}).items() if key not in tag_keys
            }

    apigateway_backends.backend = TaggedApis


def _tagged_resources(backend: Any) -> Iterator[tuple[str, str, Any]]:
    for api in backend.apis.values():
        yield "restapis", f"/restapis/{api.id}", api
        for stage in api.stages.values():
            yield "restapis/stages", f"/restapis/{api.id}/stages/{stage.name}", stage
    for plan in backend.usage_plans.values():
        yield "usageplans", f"/usageplans/{plan.id}", plan
    for key in backend.keys.values():
        yield "apikeys", f"/apikeys/{key.id}", key
