"""How jobs get on: a step each time somebody asks, so that the same requests see the same states.

The long part of a step is done after the request's own transaction, while other requests go on.
"""

from typing import Protocol

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.bulk.jobs import Job, change_job


def asked_about(sandbox: Sandbox, job: Job) -> Job:
    """Count that somebody asks about a job on which there is work to do."""
    return change_job(sandbox, job, state="InProgress", polls=job.polls + 1)


class Polled(Protocol):
    """A job or a batch."""

    @property
    def polls(self) -> int:
        """How many times somebody asked about it."""


def is_due(sandbox: Sandbox, job: Polled) -> bool:
    """Tell whether the work on a job is done now: it has been asked about often enough."""
    settings = sandbox.settings
    return job.polls >= settings.salesforce_bulk_polls and not settings.salesforce_bulk_stuck
