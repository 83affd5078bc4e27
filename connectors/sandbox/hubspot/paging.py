"""Where the next page of an answer is.

The reference's model of `paging`: `next` holds `after` and the `link` of the page, which some
extractors follow.
"""

from urllib.parse import urlencode

from connectors.sandbox.web import Call

Paging = dict[str, dict[str, str]]


def next_page(call: Call, after: str) -> Paging:
    """Return the `paging` of a page with another one behind it, at the same path."""
    return next_page_at(call, call.path, after)


def next_page_at(call: Call, path: str, after: str) -> Paging:
    """Return the `paging` of a page that goes on at a path, asked for with the same parameters."""
    others = [(name, value) for name, value in call.query if name != "after"]
    query = urlencode([*others, ("after", after)])
    return {"next": {"after": after, "link": f"{call.base_url}{path}?{query}"}}
