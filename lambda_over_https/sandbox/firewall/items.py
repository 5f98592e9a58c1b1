"""What WAF keeps: web ACLs and IP sets by Region, and which stage has which web ACL.

Items are never changed, only replaced: the data plane may read them while the control plane works.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from lambda_over_https.sandbox.model.account import ACCOUNT

WEB_ACL: Final = "webacl"
IP_SET: Final = "ipset"

Stage = tuple[str, str]
"""An API's id and a stage's name."""


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A web ACL or an IP set: ``content`` are the members by which the API describes it.

    ``token`` is its lock token, another one after each change.
    """

    kind: str
    region: str
    name: str
    content: Mapping[str, Any]
    description: str = ""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    token: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def arn(self) -> str:
        """The item's ARN."""
        return f"arn:aws:wafv2:{self.region}:{ACCOUNT}:regional/{self.kind}/{self.name}/{self.id}"

    def changed(self, content: Mapping[str, Any], description: str) -> "Item":
        """The item with other content, and so with another lock token."""
        return replace(self, content=content, description=description, token=str(uuid.uuid4()))


class Items:
    """All items, their tags, and the stages that have a web ACL."""

    def __init__(self) -> None:
        self._items: dict[str, Item] = {}
        self._guarded: dict[Stage, str] = {}
        self.tags: dict[str, dict[str, str]] = {}

    def put(self, item: Item) -> None:
        """Keep the item, in place of an earlier one of its ARN."""
        self._items[item.arn] = item

    def remove(self, item: Item) -> None:
        """Forget the item and its tags."""
        self._items.pop(item.arn, None)
        self.tags.pop(item.arn, None)

    def by_arn(self, arn: str) -> Item | None:
        """The item of that ARN."""
        return self._items.get(arn)

    def named(self, kind: str, region: str, name: str | None, item_id: str | None) -> Item | None:
        """The item of that name and id."""
        found = (item for item in self.of(kind, region) if (item.name, item.id) == (name, item_id))
        return next(found, None)

    def of(self, kind: str, region: str) -> list[Item]:
        """The items of one kind in a Region, by name."""
        found = [item for item in list(self._items.values()) if (item.kind, item.region) == (kind, region)]
        return sorted(found, key=lambda item: item.name)

    # Associations

    def guard(self, stage: Stage, web_acl: Item) -> None:
        """Let the web ACL guard the stage, instead of another one."""
        self._guarded = {**self._guarded, stage: web_acl.arn}

    def unguard(self, stage: Stage) -> None:
        """Let no web ACL guard the stage."""
        self._guarded = {each: arn for each, arn in self._guarded.items() if each != stage}

    def guard_of(self, stage: Stage) -> Item | None:
        """The web ACL that guards the stage."""
        arn = self._guarded.get(stage)
        return self._items.get(arn) if arn else None

    def guarded_by(self, web_acl: Item) -> list[Stage]:
        """The stages that the web ACL guards."""
        return sorted(stage for stage, arn in self._guarded.items() if arn == web_acl.arn)

    def guarded_stages(self) -> Iterator[Stage]:
        """All stages that have a web ACL."""
        return iter(list(self._guarded))
