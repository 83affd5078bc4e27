"""What nobody foresaw in the work of a job: it ends the job, or every poll would meet it again."""

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.sandbox.salesforce.bulk.writing.uploads import BadUploadError
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.unforeseen import unforeseen


@contextmanager
def mishaps_told() -> Iterator[None]:
    """Turn an unforeseen error into what the job says of its failure.

    Raises:
        BadUploadError: something went wrong inside.
    """
    try:
        yield
    except (BadUploadError, Refusal):
        raise
    except Exception as error:
        refusal = unforeseen(error)
        raise BadUploadError(f"{refusal.code} : {refusal.message}") from error
