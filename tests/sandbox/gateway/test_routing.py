"""Which method serves a request."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_over_https.sandbox.gateway.request.routing import Router
from lambda_over_https.sandbox.model.apis import Method, Resource


def router(**paths: str) -> Router:
    """A router over resources given as id=``path VERB VERB``."""
    resources = []
    for name, text in paths.items():
        path, *verbs = text.split()
        resources.append(Resource(name, path, {verb: Method(verb) for verb in verbs or ["GET"]}))
    return Router(resources)


SHOP = router(
    root="/ GET",
    pets="/pets GET POST",
    pet="/pets/{id} GET",
    best="/pets/best GET",
    toys="/pets/{id}/toys GET",
    rest="/{proxy+} ANY",
    files="/files/{path+} GET",
)


@pytest.mark.parametrize(
    ("path", "verb", "resource", "parameters"),
    [
        ("/", "GET", "root", {}),
        ("", "GET", "root", {}),
        ("/pets", "POST", "pets", {}),
        ("/pets/", "GET", "pets", {}),
        ("//pets", "GET", "pets", {}),
        ("/pets/7", "GET", "pet", {"id": "7"}),
        ("/pets/best", "GET", "best", {}),
        ("/pets/best/toys", "GET", "toys", {"id": "best"}),
        ("/pets/7/toys/3", "GET", "rest", {"proxy": "pets/7/toys/3"}),
        ("/pets", "OPTIONS", "rest", {"proxy": "pets"}),
        ("/pets/7", "DELETE", "rest", {"proxy": "pets/7"}),
        ("/Pets", "GET", "rest", {"proxy": "Pets"}),
        ("/files/a//b/", "GET", "files", {"path": "a//b"}),
        ("/files", "GET", "rest", {"proxy": "files"}),
        ("/a%2Fb", "GET", "rest", {"proxy": "a%2Fb"}),
        ("/{proxy+}", "GET", "rest", {"proxy": "{proxy+}"}),
    ],
)
def test_the_most_specific_resource_with_the_verb_serves(
    path: str, verb: str, resource: str, parameters: dict[str, str]
) -> None:
    """Developer guide, "Set up a proxy integration with a proxy resource"; values stay percent-encoded."""
    match = SHOP.find(path, verb)
    assert match is not None
    assert (match.resource.id, dict(match.path_parameters)) == (resource, parameters)


@pytest.mark.parametrize(
    ("path", "verb"),
    [("/", "GET"), ("/pets", "POST"), ("/pets/7/8", "GET"), ("/PETS", "GET"), ("/pets//", "PUT")],
)
def test_nothing_serves_what_was_not_defined(path: str, verb: str) -> None:
    """The gateway answers 403 Missing Authentication Token then."""
    assert router(root="/ POST", pets="/pets GET", pet="/pets/{id} GET").find(path, verb) is None


def test_any_serves_every_verb_but_a_verb_of_its_own_wins() -> None:
    """Developer guide, "Set up a method": ANY stands for all verbs without a method of their own."""
    found = router(it="/it GET ANY")
    get, put = found.find("/it", "GET"), found.find("/it", "PUT")
    assert get is not None
    assert put is not None
    assert (get.method.http_method, put.method.http_method) == ("GET", "ANY")


segments = st.text(
    st.characters(exclude_characters="/{}", codec="ascii", categories=["L", "N", "P"]), min_size=1
)


@given(st.lists(segments, min_size=1, max_size=6))
def test_a_greedy_variable_takes_the_rest_of_any_path(parts: list[str]) -> None:
    """``{proxy+}`` holds everything after its place, slashes included."""
    match = router(all="/{proxy+} ANY").find("/" + "/".join(parts), "GET")
    assert match is not None
    assert match.path_parameters == {"proxy": "/".join(parts)}


@given(st.lists(segments, min_size=1, max_size=6))
def test_a_path_leads_to_the_resource_that_has_it(parts: list[str]) -> None:
    """A literal path is found before variables and greedy ones that would fit as well."""
    path = "/" + "/".join(parts)
    variables = "/" + "/".join(f"{{v{at}}}" for at, _ in enumerate(parts))
    match = Router(
        [
            Resource(name, each, {"GET": Method("GET")})
            for name, each in [("v", variables), ("l", path), ("g", "/{g+}")]
        ]
    ).find(path, "GET")
    assert match is not None
    assert match.resource.id == "l"
