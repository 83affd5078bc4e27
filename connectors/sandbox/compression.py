"""Answers compressed for who takes them so, as both real APIs send them."""

import gzip
from dataclasses import replace

from connectors.sandbox.web import Answer, Call

_LEVEL = 1
"""The quickest: what is saved travels nowhere here."""


def accepts_gzip(call: Call) -> bool:
    """Tell whether the client can read a compressed answer."""
    listed = call.headers.get("accept-encoding", "").split(",")
    return any(coding.partition(";")[0].strip().lower() == "gzip" for coding in listed)


def compressed(answer: Answer) -> Answer:
    """Return an answer with its body, if there is one, compressed: equal bodies stay equal."""
    if answer.body is None:
        return answer
    body = gzip.compress(answer.rendered(), _LEVEL, mtime=0)
    coding = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return replace(answer, body=body, headers={**answer.headers, **coding})
