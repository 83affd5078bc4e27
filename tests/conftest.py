"""Which tests go to one worker of a parallel run."""

import pytest

LOOPS = {"test_day.py", "test_kill.py", "test_loop.py"}
"""Files that need the company after its first and second run, which take half a minute to make."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each file be a group, as its fixtures are shared, and those of the loops one."""
    for item in items:
        group = "loops" if item.path.name in LOOPS else item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))
