"""Arrow's memory in a process that reads CRMs."""

import subprocess
import sys

import pyarrow as pa
import pytest

_PROGRAM = """
from connectors.lean import give_memory_back
give_memory_back()
import pyarrow
print(pyarrow.default_memory_pool().backend_name)
"""


@pytest.mark.skipif("jemalloc" not in pa.supported_memory_backends(), reason="not in this build")
def test_tables_are_made_in_a_pool_that_gives_back_what_is_free() -> None:
    ended = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, check=True)
    assert ended.stdout == b"jemalloc\n"
