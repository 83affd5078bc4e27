"""Fields never asked for: those that hold what people wrote.

Descriptions, comments and notes may quote whole e-mails or say things of a person that nobody
else should read. No model needs them, so they never reach the lake.
"""

import re

WORDS = re.compile(
    r"(Description|Next_?Steps?|Comments?|Notes?|Remarks?|Message|AboutMe|Signature)(__c)?$",
    re.IGNORECASE,
)
"""Finds them by API name: Salesforce's own, and the names that orgs usually give theirs.

A field that an org names otherwise is read: name it here, or hide it from our user.
"""
