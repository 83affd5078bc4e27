"""The net under the handlers: what nobody foresaw, as it is logged and as Salesforce tells it."""

import logging

from connectors.sandbox.failures import told
from connectors.sandbox.salesforce.errors import Refusal

_LOG = logging.getLogger(__name__)


def unforeseen(error: Exception) -> Refusal:
    """Log what went wrong and where, without values of the request, and return a refusal."""
    what = told(error)
    _LOG.error("A request to Salesforce ended in %s", what)
    return Refusal("UNKNOWN_EXCEPTION", f"An unexpected error occurred: {what}", 500)
