"""API names that administrators give: letters, digits and single underscores."""

import re

from connectors.sandbox.salesforce.errors import Refusal

LONGEST_NAME = 80
_NAME = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9])*", re.ASCII)


def is_api_name(name: str, longest: int = LONGEST_NAME) -> bool:
    """Tell whether a text may be the API name of something."""
    return len(name) <= longest and _NAME.fullmatch(name) is not None


def check_developer_name(name: str, label: str) -> None:
    """Check the API name of a component, which is also the name of its file.

    Args:
        name: What it is to be called.
        label: What kind of component it is, as in "permission set".

    Raises:
        Refusal: it is no such name.
    """
    if not is_api_name(name):
        raise Refusal(
            "FIELD_INTEGRITY_EXCEPTION",
            f"The {label} API name can only contain underscores and alphanumeric characters. It "
            "must be unique, begin with a letter, not include spaces, not end with an underscore, "
            f"and not contain two consecutive underscores: {name}",
        )
