"""The net under the handlers: what nobody foresaw, as it is logged and as Salesforce tells it."""

import logging
import traceback
from pathlib import Path

from connectors.sandbox.salesforce.errors import Refusal

_SANDBOX = Path(__file__).parents[1]
"""Where frames are the sandbox's own, rather than those of a library that it calls."""
_LOG = logging.getLogger(__name__)


def unforeseen(error: Exception) -> Refusal:
    """Log what went wrong and where, without values of the request, and return a refusal."""
    frames = traceback.extract_tb(error.__traceback__)
    *_, last = (frame for frame in frames if Path(frame.filename).is_relative_to(_SANDBOX))
    place = Path(last.filename).relative_to(_SANDBOX).as_posix()
    told = f"{type(error).__name__} at {place}:{last.lineno}"
    _LOG.error("A request to Salesforce ended in %s", told)
    return Refusal("UNKNOWN_EXCEPTION", f"An unexpected error occurred: {told}", 500)
