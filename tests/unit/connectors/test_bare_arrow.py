"""Reading CRMs costs no pandas and no NumPy, and takes them from nobody who came before."""

import subprocess
import sys

_READ = "import pyarrow as pa; pa.array(['text']); pa.table({'one': [1]})"
_KEEP_BARE = "from connectors.bare_arrow import keep_arrow_bare; keep_arrow_bare()"
_LOADED = "import sys; print([n for n in ('numpy', 'pandas') if sys.modules.get(n)])"


def printed(*program: str) -> str:
    command = [sys.executable, "-c", "; ".join(program)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_arrow_does_not_import_pandas_though_it_was_there_first() -> None:
    assert printed("import pyarrow", _KEEP_BARE, _READ, _LOADED) == "['numpy']"


def test_whoever_wants_pandas_gets_it_where_arrow_was_there_first() -> None:
    program = ("import pyarrow", _KEEP_BARE, _READ, "import pandas; print(pandas.__name__)")
    assert printed(*program) == "pandas"


def test_a_process_that_is_to_read_only_has_neither() -> None:
    load = "import pipelines.reading.steps, connectors.hubspot.source, connectors.salesforce.source"
    assert printed(_KEEP_BARE, load, _READ, _LOADED) == "[]"


def test_loading_what_reads_crms_imports_no_pandas() -> None:
    # An Arrow table that a module makes while it is imported would: 38 MB.
    load = "import pipelines.reading.steps, connectors.hubspot.source, connectors.salesforce.source"
    assert printed(load, _LOADED) == "['numpy']"


def test_the_commands_that_read_have_neither() -> None:
    main = "from pipelines.cli import main; main(['extract', '--help'], standalone_mode=False)"
    assert printed(main, _LOADED).splitlines()[-1] == "[]"
