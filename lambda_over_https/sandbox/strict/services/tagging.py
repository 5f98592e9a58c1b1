"""Resource Groups Tagging: adds the resources that it covers on AWS and not in moto.

These are API Gateway's REST APIs, stages, usage plans and API keys, EventBridge's rules and Scheduler's
groups. Each ``cover`` function replaces the class of which moto makes a Region's backend. A tag of a table
replaces one with the same key.
"""

from collections.abc import Iterator
from typing import Any

from lambda_over_https.sandbox.strict.apigateway.tags import find_tagged


def cover() -> None:
    """Let moto's tagging API see all of them. Call this before the first call reaches moto."""
    _cover_api_gateway()
    _cover_rules()
    _cover_schedule_groups()
    _replace_tags_of_tables()


def _cover_api_gateway() -> None:
    from moto.apigateway.models import APIGatewayBackend, apigateway_backends
    from moto.core.resource_tagging import TaggableResourcesMixin, TaggedResource

    class TaggedApis(APIGatewayBackend, TaggableResourcesMixin):  # type: ignore[misc]
        SERVICE_NAMESPACE = "apigateway"

        def iter_tagged_resources(self) -> Iterator[Any]:
            root = f"arn:{self.partition}:apigateway:{self.region_name}::"
            for kind, path, resource in _api_resources(self):
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


def _api_resources(backend: Any) -> Iterator[tuple[str, str, Any]]:
    for api in backend.apis.values():
        yield "restapis", f"/restapis/{api.id}", api
        for stage in api.stages.values():
            yield "restapis/stages", f"/restapis/{api.id}/stages/{stage.name}", stage
    for plan in backend.usage_plans.values():
        yield "usageplans", f"/usageplans/{plan.id}", plan
    for key in backend.keys.values():
        yield "apikeys", f"/apikeys/{key.id}", key


def _cover_rules() -> None:
    from moto.core.resource_tagging import TaggedResource
    from moto.events.models import EventsBackend, events_backends

    class TaggedRules(EventsBackend):  # type: ignore[misc]
        SERVICE_NAMESPACE = "events"

        def iter_tagged_resources(self) -> Iterator[Any]:
            yield from super().iter_tagged_resources()
            for bus in self.event_buses.values():
                for rule in bus.rules.values():
                    tags = self.tagger.get_tag_dict_for_resource(rule.arn)
                    yield TaggedResource(rule.arn, tags, "events:rule")

    events_backends.backend = TaggedRules


def _cover_schedule_groups() -> None:
    from moto.core.resource_tagging import TaggableResourcesMixin, TaggedResource
    from moto.scheduler.models import EventBridgeSchedulerBackend, scheduler_backends

    class TaggedGroups(EventBridgeSchedulerBackend, TaggableResourcesMixin):  # type: ignore[misc]
        SERVICE_NAMESPACE = "scheduler"

        def iter_tagged_resources(self) -> Iterator[Any]:
            for group in self.schedule_groups.values():
                tags = self.tagger.get_tag_dict_for_resource(group.arn)
                yield TaggedResource(group.arn, tags, "scheduler:schedule-group")

        def tag_resource(self, arn: str, tags: Any) -> None:
            """Tag a group: the tagging API passes a map of tags, Scheduler's own call a list."""
            listed = self.tagger.convert_dict_to_tags_input(tags) if isinstance(tags, dict) else tags
            super().tag_resource(arn, listed)

    scheduler_backends.backend = TaggedGroups


def _replace_tags_of_tables() -> None:
    from moto.dynamodb.models import DynamoDBBackend

    def tag_resource(backend: Any, arn: str, tags: dict[str, str]) -> None:
        for table in backend.tables.values():
            if table.table_arn == arn:
                known = {tag["Key"]: tag["Value"] for tag in table.tags}
                table.tags = [{"Key": key, "Value": value} for key, value in {**known, **tags}.items()]

    DynamoDBBackend.tag_resource = tag_resource
