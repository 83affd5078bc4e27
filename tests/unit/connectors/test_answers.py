import msgspec
import pytest
import requests

from connectors.answers import convert, decode, read_clock
from connectors.errors import UnreadableAnswerError
from tests.unit.connectors.scripted import DATE, Answer, Script


class Shape(msgspec.Struct):
    total: int


def ask(script: Script) -> requests.Response:
    return requests.Session().get(script.base_url + "/x")


@pytest.mark.parametrize("body", ["<html>", "", '{"total": "1"}', "{}", '{"total": 1', "[]"])
def test_an_answer_of_another_shape_is_unreadable(script: Script, body: str) -> None:
    script.on("GET", "/x", Answer(body))
    with pytest.raises(UnreadableAnswerError):
        decode("hubspot", ask(script), Shape)


def test_a_decoded_answer_of_another_shape_is_unreadable() -> None:
    assert convert("hubspot", "/x", {"total": 3}, Shape) == Shape(3)
    with pytest.raises(UnreadableAnswerError, match="total"):
        convert("hubspot", "/x", {}, Shape)


def test_the_clock_is_the_servers() -> None:
    assert read_clock("hubspot", DATE).isoformat() == "2026-11-22T10:00:00+00:00"


@pytest.mark.parametrize("header", ["", "today"])
def test_an_answer_without_a_readable_date_tells_no_time(header: str) -> None:
    with pytest.raises(UnreadableAnswerError, match="Date header"):
        read_clock("hubspot", header)
