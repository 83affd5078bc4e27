"""The two choices that make up the CSV of a job: its delimiter and its line ending."""

from typing import Any, TypedDict

from connectors.sandbox.salesforce.bulk.jobs import Job
from connectors.sandbox.salesforce.errors import Refusal

DELIMITERS = {
    "BACKQUOTE": "`",
    "CARET": "^",
    "COMMA": ",",
    "PIPE": "|",
    "SEMICOLON": ";",
    "TAB": "\t",
}
LINE_ENDINGS = {"LF": "\n", "CRLF": "\r\n"}


class CsvFormat(TypedDict):
    """What Python's csv module is told."""

    delimiter: str
    lineterminator: str


def format_of(job: Job) -> CsvFormat:
    """Return how the CSV of a job is read and written."""
    return {
        "delimiter": DELIMITERS[job.column_delimiter],
        "lineterminator": LINE_ENDINGS[job.line_ending],
    }


def asked_format(body: dict[str, Any]) -> dict[str, str]:
    """Return the delimiter and line ending that the body of a new job asks for.

    Raises:
        Refusal: INVALIDJOB, for others than Salesforce knows, or another format than CSV.
    """
    content_type = body.get("contentType", "CSV")
    delimiter = body.get("columnDelimiter") or "COMMA"
    line_ending = body.get("lineEnding") or "LF"
    if content_type != "CSV":
        raise Refusal("INVALIDJOB", f"Unsupported content type: {content_type}")
    if delimiter not in DELIMITERS:
        raise Refusal("INVALIDJOB", f"Unsupported column delimiter: {delimiter}")
    if line_ending not in LINE_ENDINGS:
        raise Refusal("INVALIDJOB", f"Unsupported line ending: {line_ending}")
    return {"column_delimiter": delimiter, "line_ending": line_ending}
