"""How the older Bulk API says no."""

from collections.abc import Callable

import pytest
import requests

from connectors.sandbox.server import RunningSandbox
from tests.sandbox.bulk import Bulk
from tests.sandbox.clients import Salesforce

NAMESPACE = 'xmlns="http://www.force.com/2009/06/asyncapi/dataload"'
NO_JOB = "/services/async/66.0/job/750000000000000AAA"


@pytest.fixture
def bulk(salesforce: Salesforce) -> Bulk:
    return Bulk(salesforce)


def _without_session(url: str, token: str) -> requests.Response:
    return requests.get(url + NO_JOB, headers={"X-SFDC-Session": "no"}, timeout=10)


def _without_job(url: str, token: str) -> requests.Response:
    return requests.get(url + NO_JOB, headers={"X-SFDC-Session": token}, timeout=10)


def _of_old_version(url: str, token: str) -> requests.Response:
    path = NO_JOB.replace("66.0", "30.0")
    return requests.get(url + path, headers={"X-SFDC-Session": token}, timeout=10)


def _of_bad_xml(url: str, token: str) -> requests.Response:
    return requests.post(
        f"{url}/services/async/66.0/job", "<", headers={"X-SFDC-Session": token}, timeout=10
    )


@pytest.mark.parametrize(
    ("ask", "code", "message"),
    [
        (_without_session, "InvalidSessionId", "Invalid session id"),
        (_without_job, "InvalidJob", "Unable to find job: 750000000000000AAA"),
        (_of_old_version, "InvalidVersion", "Api version not supported: 30.0"),
        (_of_bad_xml, "InvalidXML", "The XML of the request is invalid"),
    ],
)
def test_refusals_have_an_exception_code_and_message(
    running: RunningSandbox,
    bulk: Bulk,
    ask: Callable[[str, str], requests.Response],
    code: str,
    message: str,
) -> None:
    answer = ask(running.url, bulk.token)
    start = f"<error {NAMESPACE}><exceptionCode>{code}</exceptionCode><exceptionMessage>{message}"
    assert (answer.status_code, start in answer.text) == (400, True)
