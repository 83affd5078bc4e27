"""Fields never asked for, whatever the object: those that hold what people wrote.

Descriptions, comments and notes may quote whole e-mails or say things of a person that nobody
else should read. No model needs them, so they never reach the lake.
"""

import re

WORDS = re.compile(
    r"(^|_)(Description|Next_?Steps?|Comments?|Notes?|Message)(__c)?$", re.IGNORECASE
)
"""Finds them by API name: Salesforce's own, and the names that orgs usually give theirs."""
