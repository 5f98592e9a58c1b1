"""What a table lets in, and what it refuses."""

from typing import Any

import pytest

from lambda_over_https.sandbox.strict.members.table import Served, refused_members

SERVED = Served("Name Code.ZipFile Targets.Id", "Description", {"Kind": "Zip Text", "Log.Format": "Text"})


@pytest.mark.parametrize(
    "parameters",
    [
        {"Name": "n", "Description": "d"},
        {"Name": {"any": ["value", 0]}},
        {"Code": {"ZipFile": b"x"}},
        {"Kind": "Zip"},
        {"Kind": ["Zip", "Text"]},
        {"Log": {"Format": "Text"}},
        {"Targets": [{"Id": "1"}, {"Id": "2"}]},
        {"Vpc": {"Subnets": [], "Groups": []}, "Layers": [], "Trace": False, "Key": "", "Image": None},
    ],
)
def test_what_is_named_or_says_nothing_is_let_in(parameters: dict[str, Any]) -> None:
    assert list(refused_members(SERVED.tree, parameters)) == []


@pytest.mark.parametrize(
    ("parameters", "refused"),
    [
        ({"Layers": ["arn"]}, "Layers"),
        ({"Code": {"ZipFile": b"x", "Image": "i"}}, "Code.Image"),
        ({"Code": "text"}, "Code"),
        ({"Kind": "Image"}, "Kind"),
        ({"Kind": ["Zip", "Image"]}, "Kind"),
        ({"Log": {"Format": "JSON"}}, "Log.Format"),
        ({"Targets": [{"Id": "1"}, {"Id": "2", "Path": "$"}]}, "Targets.Path"),
        ({"Trace": True}, "Trace"),
        ({"Attempts": 0}, "Attempts"),
    ],
)
def test_all_else_is_refused_by_its_path(parameters: dict[str, Any], refused: str) -> None:
    assert list(refused_members(SERVED.tree, parameters)) == [refused]
