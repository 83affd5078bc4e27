"""Answers that travel compressed, and requests for their headers alone."""

import pytest

from tests.sandbox.clients import CONTACTS, Admin, HubSpot, Salesforce


@pytest.mark.parametrize("is_on", [False, True])
def test_answers_are_compressed_once_the_sandbox_is_set_so(
    salesforce: Salesforce, hubspot: HubSpot, admin: Admin, is_on: bool
) -> None:
    plain = {"Accept-Encoding": "identity"}
    paths = ("query?q=SELECT+FIELDS(ALL)+FROM+Lead+LIMIT+20", "sobjects/Lead/describe")
    bodies = [salesforce("GET", path, headers=plain).json() for path in paths]
    admin.setting(gzip=is_on)
    answers = [salesforce("GET", path) for path in paths]
    assert [answer.json() for answer in answers] == bodies
    answers.append(hubspot("GET", CONTACTS, params={"limit": 100}))
    coded = {answer.headers.get("Content-Encoding") for answer in answers}
    assert coded == {"gzip" if is_on else None}


def test_who_does_not_ask_for_gzip_gets_none(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(gzip=True)
    headers = {"Accept-Encoding": "identity"}
    answer = salesforce("GET", "sobjects/Lead/describe", headers=headers)
    assert "Content-Encoding" not in answer.headers


def test_a_head_is_answered_as_a_get_without_its_body(salesforce: Salesforce) -> None:
    [lead_id] = salesforce.lead_ids(1)
    for path in ("sobjects/Lead", f"sobjects/Lead/{lead_id}", "sobjects/Lead/00Q000000000000AAA"):
        read, asked = salesforce("GET", path), salesforce("HEAD", path)
        assert (asked.status_code, asked.content) == (read.status_code, b"")
        assert asked.headers["Content-Length"] == str(len(read.content))
