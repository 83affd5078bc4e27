"""Form submissions, from every form, newest first down to a look-back before the cursor.

Archived forms keep theirs. A form whose own submissions HubSpot refuses is passed over with the
reason, and the cursor owes it: it is read whole once it answers. An increment costs the requests
for the forms, and one for each form that has nothing new. Submissions can't be counted, or asked
for by id: a form that seems to have none at all is asked twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from connectors.arrow import Row, build_table
from connectors.errors import (
    ABSENT_OR_HIDDEN,
    InvalidRequestError,
    SkippedStreamError,
    first_answer,
)
from connectors.hubspot.answers import Form, Submission, SubmissionPage
from connectors.hubspot.catalogs.forms import list_forms
from connectors.hubspot.client import HubSpotClient, Params
from connectors.hubspot.dialect import FORM_TYPE_REFUSED
from connectors.hubspot.paging import read_pages
from connectors.hubspot.stamps import read_stamp
from connectors.hubspot.streams.account import FORM_SUBMISSIONS
from connectors.records import Batch, Cursor

SUBMISSION_PAGE_SIZE = 50

_FIELDS = FORM_SUBMISSIONS.choose_fields(FORM_SUBMISSIONS.required_fields)


@dataclass(frozen=True)
class SubmissionReader:
    """Reads form submissions."""

    client: HubSpotClient
    look_back: timedelta
    batch_rows: int
    refusals: dict[str, str] = field(default_factory=dict)
    """Why forms were passed over, by their ids."""

    def read(self, cursor: Cursor | None) -> Iterator[Batch]:
        """Yield everything where there is no finished read yet, else what came in since."""
        if cursor is None or cursor.resume_after is not None:
            return self._read_all(cursor)
        return self._read_since(cursor)

    def _read_all(self, cursor: Cursor | None) -> Iterator[Batch]:
        """Read form by form in order of id; a batch's cursor names the last form finished.

        The read ends at the time it began: what came in behind its back comes again.
        """
        forms = self._forms()
        if cursor is None:
            began_at = self.client.latest_time()
            cursor = Cursor(began_at, resume_after="", read_at=began_at)
        rows: list[Row] = []
        for form in forms:
            if form.id <= (cursor.resume_after or ""):
                continue
            for page in self._pages(form, None):
                if page and len(rows) >= self.batch_rows:
                    yield self._to_batch(rows, cursor)
                    rows = []
                rows += page
            owed = cursor.owed | self.refusals.keys()
            cursor = replace(cursor, resume_after=form.id, owed=owed)
        finished = replace(cursor, resume_after=None)
        if rows:
            yield self._to_batch(rows, finished)
        else:
            # Nothing is left to keep the finished cursor with, so go on as an increment.
            yield from self._read_since(finished)

    def _read_since(self, cursor: Cursor) -> Iterator[Batch]:
        """Read down to the look-back; only the last batch moves the cursor.

        Raises:
            SkippedStreamError: nothing came in, and a form that could have told was refused.
        """
        floor = cursor.floor(self.look_back)
        rows: list[Row] = []
        newest = cursor.modified_at
        forms = self._forms()
        answered_at = self.client.latest_time()
        for form in forms:
            for page in self._pages(form, None if form.id in cursor.owed else floor):
                if page and len(rows) >= self.batch_rows:
                    yield self._to_batch(rows, cursor)
                    rows = []
                rows += page
                newest = max([newest, *(row.modified_at for row in page)])
        if rows:
            owed = frozenset(self.refusals)
            yield self._to_batch(rows, Cursor(newest, read_at=answered_at, owed=owed))
        elif self.refusals:
            raise SkippedStreamError("hubspot", FORM_SUBMISSIONS.name, self._reason())

    def reread(self, since: datetime, until: datetime) -> Iterator[Batch]:
        """Yield, without cursors, what came in from `since` to `until` (UTC) as it shows now."""
        rows: list[Row] = []
        for form in self._forms():
            for page in self._pages(form, since):
                rows += [row for row in page if row.modified_at <= until]
                if len(rows) >= self.batch_rows:
                    yield self._to_batch(rows, None)
                    rows = []
        if rows:
            yield self._to_batch(rows, None)

    def _forms(self) -> list[Form]:
        ask, pause = partial(list_forms, self.client), self.client.pause
        return first_answer("hubspot", FORM_SUBMISSIONS.name, ask, pause)

    def _pages(self, form: Form, floor: datetime | None) -> Iterator[list[Row]]:
        path = self.client.paths.form_submissions(form.id)
        params = {"limit": SUBMISSION_PAGE_SIZE}
        begun = False
        try:
            for page in self._read_pages(path, params, is_whole=floor is None):
                begun = True
                rows = [_to_row(form, submission) for submission in page.results]
                yield [row for row in rows if floor is None or row.modified_at >= floor]
                if floor and rows and rows[-1].modified_at < floor:
                    return
        except InvalidRequestError as refusal:
            if refusal.code != FORM_TYPE_REFUSED:
                raise
        except ABSENT_OR_HIDDEN as refusal:
            if begun:
                raise
            self.refusals[form.id] = f"form {form.id}: {refusal.what}"

    def _read_pages(self, path: str, params: Params, is_whole: bool) -> Iterator[SubmissionPage]:
        pages = read_pages(self.client, path, params, SubmissionPage)
        first = next(pages)
        yield first
        if is_whole and not first.results:
            pages = read_pages(self.client, path, params, SubmissionPage)
        yield from pages

    def _to_batch(self, rows: list[Row], cursor: Cursor | None) -> Batch:
        name = FORM_SUBMISSIONS.name
        skipped = {name: self._reason()} if self.refusals else {}
        return Batch({name: build_table(_FIELDS, rows)}, cursor, skipped)

    def _reason(self) -> str:
        return "; ".join(self.refusals.values())


def _to_row(form: Form, submission: Submission) -> Row:
    submitted_at = read_stamp(submission.submitted_at, f"form {form.id}")
    emails = [found.value for found in submission.values if found.name == "email" and found.value]
    values = {
        "form_id": form.id,
        "form_name": form.name,
        "form_type": form.form_type,
        "conversion_id": submission.conversion_id,
        "email": emails[0].strip().lower() if emails else None,
        "page_url": submission.page_url,
        "submitted_at": submission.submitted_at,
    }
    return Row(submission.conversion_id, submitted_at, is_deleted=False, values=values)
