"""Reading CRMs costs no pandas, and takes it from nobody."""

import subprocess
import sys

_READ = "import pyarrow as pa; pa.array(['text']); pa.table({'one': [1]})"
_KEEP_OUT = "from connectors.without_pandas import keep_pandas_out; keep_pandas_out()"


def printed(*program: str) -> str:
    command = [sys.executable, "-c", "; ".join(program)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_arrow_does_not_import_pandas() -> None:
    assert printed(_KEEP_OUT, _READ, "import sys; print('pandas' in sys.modules)") == "False"


def test_whoever_wants_pandas_gets_it() -> None:
    assert printed(_KEEP_OUT, _READ, "import pandas; print(pandas.__name__)") == "pandas"


def test_loading_what_reads_crms_imports_no_pandas() -> None:
    # An Arrow table that a module makes while it is imported would: 38 MB.
    load = "import pipelines.reading.steps, connectors.hubspot.source, connectors.salesforce.source"
    assert printed(load, "import sys; print('pandas' in sys.modules)") == "False"
