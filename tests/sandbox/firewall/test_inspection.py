"""WAF's data plane: which rule matches what, and which of them decides."""

import itertools
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.sandbox.firewall.inspection import DEFAULT_METRIC, Inspection
from lambda_over_https.sandbox.firewall.items import IP_SET, WEB_ACL, Item, Items
from lambda_over_https.sandbox.firewall.rates import RateCounter
from lambda_over_https.sandbox.firewall.record import KEPT, Record
from lambda_over_https.sandbox.firewall.requests import WebRequest
from tests.kit.sandbox.web_acls import rate, rule, size, visible

STAGE = ("api", "prod")
HERE, OTHER = "127.0.0.1", "203.0.113.7"


class Wall:
    """A stage with a web ACL of these rules, and an IP set with one network."""

    def __init__(self, *rules: dict[str, Any], default: str = "Allow", **content: Any) -> None:
        self.items, self.record = Items(), Record()
        self.inspection = Inspection(self.items, self.record)
        networks = {"IPAddressVersion": "IPV4", "Addresses": ["203.0.113.0/24"]}
        self.ip_set = Item(IP_SET, "us-east-1", "set", networks)
        self.items.put(self.ip_set)
        whole = {"DefaultAction": {default: {}}, "Rules": list(rules), "VisibilityConfig": visible("acl")}
        self.web_acl = Item(WEB_ACL, "us-east-1", "acl", {**whole, **content})
        self.items.put(self.web_acl)
        self.items.guard(STAGE, self.web_acl)

    def change(self, *rules: dict[str, Any]) -> None:
        """Give the web ACL other rules."""
        self.items.put(self.web_acl.changed({**self.web_acl.content, "Rules": list(rules)}, ""))

    def lets_in(
        self,
        client: str = HERE,
        at: float = 0,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        query: str = "",
    ) -> bool:
        request = WebRequest(client, "POST", "/prod/x", query, headers or {}, body, 1000 + at)
        return self.inspection.lets_in(STAGE, request)


def in_set(wall: Wall, **members: Any) -> dict[str, Any]:
    return {"IPSetReferenceStatement": {"ARN": wall.ip_set.arn, **members}}


def test_the_default_action_decides_what_no_rule_decides() -> None:
    assert Wall().lets_in()
    assert not Wall(default="Block").lets_in()


def test_the_first_rule_that_allows_or_blocks_decides_in_the_order_of_priorities() -> None:
    every = size("GE", 0)
    assert Wall(rule(every, "Block", 2), rule(every, "Allow", 1)).lets_in()
    assert not Wall(rule(every, "Allow", 2), rule(every, "Block", 1)).lets_in()
    assert not Wall(rule(every, "Count", 1), rule(every, "Block", 2)).lets_in()


def test_a_rate_based_rule_blocks_what_exceeds_its_limit_until_the_rate_falls() -> None:
    wall = Wall(rule(rate(10, 60)))
    assert [wall.lets_in() for _ in range(12)] == [True] * 10 + [False] * 2
    assert wall.lets_in(OTHER)
    assert not wall.lets_in(at=59)
    assert wall.lets_in(at=130)


def test_a_rule_that_keeps_its_rate_goes_on_counting_when_another_changes() -> None:
    wall = Wall(rule(rate(10)))
    assert all(wall.lets_in() for _ in range(10))
    wall.change(rule(rate(10)), rule(size("LT", 0), priority=5))
    assert not wall.lets_in()
    wall.change(rule(rate(20)))
    assert wall.lets_in()


def test_a_rate_can_be_counted_by_the_forwarded_address() -> None:
    config = {"HeaderName": "X-Forwarded-For", "FallbackBehavior": "MATCH"}
    wall = Wall(rule(rate(10, AggregateKeyType="FORWARDED_IP", ForwardedIPConfig=config)))

    def sent(value: str | None) -> bool:
        return wall.lets_in(headers={} if value is None else {"x-forwarded-for": value})

    assert [sent("203.0.113.1, 10.0.0.1") for _ in range(11)] == [True] * 10 + [False]
    assert sent("203.0.113.2")
    assert not sent("nobody")
    assert all(sent(None) for _ in range(20))


def test_a_rate_can_be_counted_over_all_that_a_statement_matches() -> None:
    scope = size("GT", 0)
    wall = Wall(rule(rate(10, AggregateKeyType="CONSTANT", ScopeDownStatement=scope)))
    clients = itertools.cycle([HERE, OTHER])
    assert [wall.lets_in(next(clients), body=b"x") for _ in range(11)] == [True] * 10 + [False]
    assert wall.lets_in()


def test_addresses_that_are_held_back_are_told() -> None:
    wall = Wall(rule(rate(10)))
    for client in [HERE] * 11 + [OTHER] * 5:
        wall.lets_in(client)
    assert wall.inspection.blocked_addresses(wall.web_acl, "rule0", 1001) == [HERE]
    assert wall.inspection.blocked_addresses(wall.web_acl, "rule0", 1100) == []


def test_an_ip_set_matches_the_addresses_of_its_networks_as_they_are_now() -> None:
    wall = Wall()
    wall.change(rule(in_set(wall)))
    assert wall.lets_in(HERE)
    assert not wall.lets_in(OTHER)
    wall.items.put(wall.ip_set.changed({"IPAddressVersion": "IPV4", "Addresses": ["127.0.0.1/32"]}, ""))
    assert not wall.lets_in(HERE)
    assert wall.lets_in(OTHER)
    assert wall.lets_in("::1")


@pytest.mark.parametrize(
    ("position", "fallback", "header", "blocked"),
    [
        ("FIRST", "NO_MATCH", "203.0.113.1, 10.0.0.1", True),
        ("FIRST", "NO_MATCH", "10.0.0.1, 203.0.113.1", False),
        ("LAST", "NO_MATCH", "10.0.0.1, 203.0.113.1", True),
        ("ANY", "NO_MATCH", "10.0.0.1, 203.0.113.1, 10.0.0.2", True),
        ("FIRST", "MATCH", "nobody", True),
        ("FIRST", "NO_MATCH", "nobody", False),
        ("FIRST", "MATCH", None, False),
    ],
)
def test_an_ip_set_can_be_compared_with_forwarded_addresses(
    position: str, fallback: str, header: str | None, blocked: bool
) -> None:
    wall = Wall()
    config = {"HeaderName": "X-Client", "FallbackBehavior": fallback, "Position": position}
    wall.change(rule(in_set(wall, IPSetForwardedIPConfig=config)))
    assert wall.lets_in(headers={"x-client": header} if header else {}) is not blocked


@pytest.mark.parametrize(
    ("statement", "blocked"),
    [
        (size("GT", 3), True),
        (size("GT", 4), False),
        (size("EQ", 4), True),
        (size("NE", 4), False),
        (size("LE", 4), True),
        (size("LT", 4), False),
        (size("EQ", 6, {"QueryString": {}}), True),
        (size("EQ", 7, {"UriPath": {}}), True),
        (size("EQ", 4, {"Method": {}}), True),
        (size("EQ", 2, {"SingleHeader": {"Name": "X-Some"}}), True),
        (size("EQ", 2, {"SingleQueryArgument": {"Name": "A"}}), True),
        (size("EQ", 2, None, "LOWERCASE", "URL_DECODE"), True),
        ({"AndStatement": {"Statements": [size("EQ", 4), size("EQ", 5)]}}, False),
        ({"OrStatement": {"Statements": [size("EQ", 4), size("EQ", 5)]}}, True),
        ({"NotStatement": {"Statement": size("EQ", 4)}}, False),
    ],
)
def test_a_size_is_compared(statement: dict[str, Any], blocked: bool) -> None:
    wall = Wall(rule(statement))
    assert wall.lets_in(body=b"%41a", query="a=%20b", headers={"x-some": "yz"}) is not blocked


@pytest.mark.parametrize(("handling", "blocked"), [("CONTINUE", False), ("MATCH", True), ("NO_MATCH", False)])
def test_a_body_beyond_what_is_inspected_is_handled_as_told(handling: str, blocked: bool) -> None:
    statement = size("GT", 16 * 1024, {"Body": {"OversizeHandling": handling}})
    assert Wall(rule(statement)).lets_in(body=b"x" * (16 * 1024 + 1)) is not blocked
    more = {"RequestBody": {"API_GATEWAY": {"DefaultSizeInspectionLimit": "KB_64"}}}
    assert not Wall(rule(statement), AssociationConfig=more).lets_in(body=b"x" * (16 * 1024 + 1))


def test_each_request_is_recorded_under_the_rules_that_matched() -> None:
    every = size("GE", 0)
    wall = Wall(rule(every, "Count", 1), rule(size("GT", 3), "Block", 2))
    for body in (b"", b"long"):
        wall.lets_in(body=body)

    def recorded(metric: str) -> list[str]:
        samples = wall.record.between(wall.web_acl.arn, metric, 0, 2000)
        return [sample.action for sample in samples]

    assert recorded("rule1") == ["COUNT", "COUNT"]
    assert recorded("rule2") == ["BLOCK"]
    assert recorded(DEFAULT_METRIC) == ["ALLOW"]


def test_nothing_is_recorded_where_samples_are_off_and_no_more_than_the_latest() -> None:
    quiet = rule(size("GE", 0), VisibilityConfig=visible("quiet", sampled=False))
    wall = Wall(quiet)
    wall.lets_in()
    assert not list(wall.record.between(wall.web_acl.arn, "quiet", 0, 2000))
    wall.change()
    for number in range(KEPT + 10):
        wall.lets_in(at=number)
    kept = list(wall.record.between(wall.web_acl.arn, DEFAULT_METRIC, 0, 9000))
    assert (len(kept), kept[0].request.received) == (KEPT, 1010)


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 40)), max_size=60),
    st.integers(1, 5),
    st.integers(1, 30),
)
def test_a_window_counts_exactly_the_requests_of_its_seconds(
    steps: list[tuple[str, int]], limit: int, window: int
) -> None:
    counter, now, seen = RateCounter(limit, window), 0, []
    for key, pause in steps:
        now += pause
        seen.append((key, now))
        counted = sum(1 for other, at in seen if other == key and at > now - window)
        assert counter.exceeds(key, now) is (counted > limit)
