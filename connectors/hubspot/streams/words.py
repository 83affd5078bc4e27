"""Properties never asked for: those that hold what people wrote or said, or whom they wrote to.

They may quote whole e-mails or say things of a person that nobody else should read. No model needs
them, so they never reach the lake: an activity counts, its content does not.
"""

import re

IN_RECORDS = re.compile(
    "^content$|(^|_)(message|description|about_us|comments?|remarks?|next_steps?)$"
    "|^(?!num_)(.*_)?notes?$"
    "|^closed_(lost|won)_reason$|_membership_notes$|_nps_follow_up$"
)
"""Finds those of contacts, companies, deals, leads, tickets and custom objects.

Not by the word `notes` wherever it stands: `notes_last_contacted` is a time, `num_notes` a count.
"""

IN_ACTIVITIES = re.compile(
    "(^|_)(body|text|html|headers|notes|summary|transcript|transcription|recording"
    "|to|from|cc|bcc|sender)(_|$)"
)
"""Finds those of calls, e-mails, meetings, notes, tasks and communications."""
