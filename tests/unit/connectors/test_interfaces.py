"""What the pipeline asks of a CRM is asked of every connector, before anything is read."""

import pytest

from connectors.interfaces import Source
from tests.unit.pipelines.fake_source import FakeSource

READINGS = ["reread", "deletions", "count", "survey", "read_records", "read_details"]


@pytest.mark.parametrize("name", [*READINGS, "quota", "examine"])
def test_a_source_that_leaves_a_reading_out_cant_be_made(name: str) -> None:
    forgetful = type("Forgetful", (FakeSource,), {name: getattr(Source, name)})

    with pytest.raises(TypeError, match=f"abstract method '?{name}'?"):
        forgetful()
