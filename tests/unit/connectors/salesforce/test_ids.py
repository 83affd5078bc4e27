"""Ids of both lengths name one record."""

import pytest

from connectors.salesforce.ids import whole_id


@pytest.mark.parametrize(
    ("short", "whole"),
    [("001D000000IqhSL", "001D000000IqhSLIAZ"), ("00Q5e00000AbCdE", "00Q5e00000AbCdEEAV")],
)
def test_the_last_three_characters_tell_which_are_capitals(short: str, whole: str) -> None:
    assert whole_id(short) == whole
    assert whole_id(whole) == whole
