"""WAF's part in Resource Groups Tagging: its items, as moto's tagging API asks for them."""

from collections.abc import Iterator
from typing import Any

from lambda_over_https.sandbox.firewall.items import IP_SET, WEB_ACL, Items
from lambda_over_https.sandbox.model.account import ACCOUNT


def cover(items: Items) -> None:
    """Let the tagging API see web ACLs and IP sets."""
    from moto.core.base_backend import BackendDict, BaseBackend
    from moto.core.resource_tagging import TaggableResourcesMixin, TaggedResource

    class TaggedItems(BaseBackend, TaggableResourcesMixin):  # type: ignore[misc]
        SERVICE_NAMESPACE = "wafv2"

        def iter_tagged_resources(self) -> Iterator[Any]:
            for kind in (WEB_ACL, IP_SET):
                for item in items.of(kind, self.region_name):
                    yield TaggedResource(item.arn, items.tags.get(item.arn, {}), f"wafv2:regional/{kind}")

        def tag_resource(self, arn: str, tags: dict[str, str]) -> None:
            items.tags[arn] = {**items.tags.get(arn, {}), **tags}

        def untag_resource(self, arn: str, tag_keys: list[str]) -> None:
            kept = {key: value for key, value in items.tags.get(arn, {}).items() if key not in tag_keys}
            items.tags[arn] = kept

    BackendDict(TaggedItems, "wafv2")[ACCOUNT]
