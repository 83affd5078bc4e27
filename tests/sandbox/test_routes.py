"""How a request finds its endpoint."""

import pytest

from connectors.sandbox.context import Sandbox
from connectors.sandbox.web import Answer, Call, Endpoint, Routes, find_endpoint, methods_of


def handler(sandbox: Sandbox, call: Call) -> Answer:
    return Answer()


def endpoint(method: str, path: str) -> Endpoint:
    return Endpoint(method, path, handler)


SEARCH = endpoint("POST", "/objects/{object}/search")
READ, CHANGE = (
    endpoint("GET", "/objects/{object}/{id}"),
    endpoint("PATCH", "/objects/{object}/{id}"),
)
OWNERS = endpoint("GET", "/owners/")
ROUTES = Routes((SEARCH, READ, CHANGE, OWNERS))


def test_named_parts_of_a_path_become_arguments() -> None:
    arguments = {"object": "contacts", "id": "51"}
    assert find_endpoint(ROUTES, "GET", "/objects/contacts/51") == (READ, arguments)


def test_of_several_that_fit_the_first_one_listed_answers() -> None:
    other = endpoint("POST", "/objects/{object}/{id}")
    assert find_endpoint(Routes((SEARCH, other)), "POST", "/objects/contacts/search") == (
        SEARCH,
        {"object": "contacts"},
    )
    assert find_endpoint(Routes((other, SEARCH)), "POST", "/objects/contacts/search") == (
        other,
        {"object": "contacts", "id": "search"},
    )


def test_a_path_of_its_own_for_another_method_hides_no_named_part() -> None:
    found = find_endpoint(ROUTES, "GET", "/objects/contacts/search")
    assert found == (READ, {"object": "contacts", "id": "search"})


@pytest.mark.parametrize("path", ["/owners", "/owners/"])
def test_a_slash_at_the_end_makes_no_difference(path: str) -> None:
    assert find_endpoint(ROUTES, "GET", path) == (OWNERS, {})


@pytest.mark.parametrize("path", ["/objects", "/objects//51", "/objects/a/b/c", "/", "", "/Owners"])
def test_nobody_answers_for_a_path_that_fits_none(path: str) -> None:
    assert find_endpoint(ROUTES, "GET", path) is None
    assert methods_of(ROUTES, path) == []


def test_a_path_takes_the_methods_of_all_that_fit() -> None:
    assert methods_of(ROUTES, "/objects/contacts/search") == ["POST", "GET", "PATCH"]


def test_a_named_part_stands_between_two_slashes() -> None:
    with pytest.raises(ValueError, match="version"):
        Routes((endpoint("GET", "/data/v{version}/limits"),))
