"""The calls on web ACLs and IP sets: made, told, changed, listed and deleted under their lock tokens."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from lambda_over_https.sandbox.control.aws_calls import AwsCall
from lambda_over_https.sandbox.firewall import errors, validation
from lambda_over_https.sandbox.firewall.items import IP_SET, WEB_ACL, Item, Items
from lambda_over_https.sandbox.model.account import ACCOUNT

DEFAULT_PAGE: Final = 100

Document = dict[str, Any]

_WEB_ACL_MEMBERS = ("DefaultAction", "Rules", "VisibilityConfig", "AssociationConfig")
_IP_SET_MEMBERS = ("IPAddressVersion", "Addresses")


class Operations:
    """Answers them; ``forget`` is told of web ACLs that are gone."""

    def __init__(self, items: Items, forget: Callable[[Item], None]) -> None:
        self._items = items
        self._forget = forget

    # Any item

    def create(self, call: AwsCall, kind: str) -> Document:
        """Make an item; AwsError if there is one of its name."""
        parameters = call.parameters
        if any(item.name == parameters["Name"] for item in self._items.of(kind, call.region)):
            raise errors.duplicate()
        content = self._content(call, kind, {})
        item = Item(kind, call.region, parameters["Name"], content, parameters.get("Description", ""))
        self._items.put(item)
        tags = {tag["Key"]: tag["Value"] for tag in parameters.get("Tags") or ()}
        if tags:
            self._items.tags[item.arn] = tags
        return {"Summary": _summary(item)}

    def update(self, call: AwsCall, kind: str) -> Document:
        """Change an item as a whole, if the lock token is the present one."""
        item = self._locked(call, kind)
        content = self._content(call, kind, item.content)
        changed = item.changed(content, call.parameters.get("Description", item.description))
        self._items.put(changed)
        return {"NextLockToken": changed.token}

    def delete(self, call: AwsCall, kind: str) -> Document:
        """Delete an item that nothing uses, if the lock token is the present one."""
        item = self._locked(call, kind)
        if self._is_used(item):
            raise errors.associated()
        self._items.remove(item)
        self._forget(item)
        return {}

    def listed(self, call: AwsCall, kind: str) -> Document:
        """List the items of the Region, page by page."""
        limit, marker = call.parameters.get("Limit") or DEFAULT_PAGE, call.parameters.get("NextMarker") or ""
        rest = [item for item in self._items.of(kind, call.region) if item.name > marker]
        page = rest[:limit]
        document: Document = {"WebACLs" if kind == WEB_ACL else "IPSets": [_summary(item) for item in page]}
        return {**document, "NextMarker": page[-1].name} if len(rest) > limit else document

    # One kind

    def web_acl(self, call: AwsCall) -> Document:
        """Tell a web ACL."""
        item = self.named(call, WEB_ACL)
        return {"WebACL": described(item), "LockToken": item.token}

    def ip_set(self, call: AwsCall) -> Document:
        """Tell an IP set."""
        item = self.named(call, IP_SET)
        return {"IPSet": {**_basics(item), **item.content}, "LockToken": item.token}

    def check_capacity(self, call: AwsCall) -> Document:
        """Tell what rules would need."""
        validation.check_rules(call.parameters["Rules"], self._items.by_arn)
        return {"Capacity": validation.capacity(call.parameters["Rules"])}

    # Look-ups

    def named(self, call: AwsCall, kind: str) -> Item:
        """The item that the call names, by its ARN or by name and id; AwsError if there is none."""
        parameters = call.parameters
        item = self._items.named(kind, call.region, parameters.get("Name"), parameters.get("Id"))
        if "ARN" in parameters:
            item = self._items.by_arn(parameters["ARN"])
        if item is None or (item.kind, item.region) != (kind, call.region):
            raise errors.nonexistent()
        return item

    def _locked(self, call: AwsCall, kind: str) -> Item:
        item = self.named(call, kind)
        if call.parameters["LockToken"] != item.token:
            raise errors.outdated()
        return item

    def _is_used(self, item: Item) -> bool:
        if item.kind == WEB_ACL:
            return bool(self._items.guarded_by(item))
        web_acls = self._items.of(WEB_ACL, item.region)
        return any(item.arn in validation.used_ip_sets(each.content["Rules"]) for each in web_acls)

    def _content(self, call: AwsCall, kind: str, old: Mapping[str, Any]) -> Document:
        """The members of an item as the call has them, checked."""
        members = _WEB_ACL_MEMBERS if kind == WEB_ACL else _IP_SET_MEMBERS
        content = {name: call.parameters[name] for name in members if name in call.parameters}
        if kind == IP_SET:
            content = {"IPAddressVersion": old.get("IPAddressVersion"), **content}
            validation.check_addresses(content["Addresses"], content["IPAddressVersion"])
            return content
        content.setdefault("Rules", [])
        validation.check_action(content["DefaultAction"], "DEFAULT_ACTION", ("Allow", "Block"))
        validation.check_rules(content["Rules"], self._items.by_arn)
        return content


def described(item: Item) -> Document:
    """A web ACL as GetWebACL tells it."""
    return {
        **_basics(item),
        **item.content,
        "Capacity": validation.capacity(item.content["Rules"]),
        "ManagedByFirewallManager": False,
        "LabelNamespace": f"awswaf:{ACCOUNT}:webacl:{item.name}:",
    }


def _basics(item: Item) -> Document:
    return {"Name": item.name, "Id": item.id, "ARN": item.arn, "Description": item.description}


def _summary(item: Item) -> Document:
    return {**_basics(item), "LockToken": item.token}
