"""The net under the handlers: what nobody foresaw, as it is logged and as Salesforce tells it."""

import logging
import traceback
from pathlib import Path

from connectors.sandbox.salesforce.errors import Refusal

_LOG = logging.getLogger(__name__)


def unforeseen(error: Exception) -> Refusal:
    """Log what went wrong and where, without values of the request, and return a refusal."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    told = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
    _LOG.error("A request to Salesforce ended in %s", told)
    return Refusal("UNKNOWN_EXCEPTION", f"An unexpected error occurred: {told}", 500)
