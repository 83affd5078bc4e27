"""Arrow without pandas, which a process that only reads CRMs never uses.

At the first list that it is given, pyarrow looks whether pandas is installed and imports it: 52 MB
and 0.26 s (pyarrow 26, pandas from Streamlit's dependencies, 2026-11-22).
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

import pyarrow as pa


class _NoPandas(MetaPathFinder):
    """Finds no pandas, whoever looks for it."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - the import system's signature
        target: ModuleType | None = None,  # noqa: ARG002 - the same
    ) -> ModuleSpec | None:
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas is not looked for yet", name=fullname)
        return None


def keep_pandas_out() -> None:
    """Let pyarrow look for pandas now and find none, unless somebody else has imported it.

    It looks once for the life of the process: from then on `to_pandas` is refused, and whoever
    imports pandas by its name gets it all the same.
    """
    if "pandas" in sys.modules:
        return
    blind = _NoPandas()
    sys.meta_path.insert(0, blind)
    try:
        pa.array([])
    finally:
        sys.meta_path.remove(blind)
