"""Arrow without NumPy and pandas, which a process that only reads CRMs never uses.

pyarrow imports NumPy with itself where it is installed (12 MB), and at the first list that it is
given it looks whether pandas is, and imports that: 52 MB and 0.26 s (pyarrow 26, both from
Streamlit's dependencies, 2026-11-22).
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class _Without(MetaPathFinder):
    """Finds none of these modules, whoever looks for them."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - the import system's signature
        target: ModuleType | None = None,  # noqa: ARG002 - the same
    ) -> ModuleSpec | None:
        if fullname in self._names:
            raise ModuleNotFoundError(f"{fullname} is left out of this process", name=fullname)
        return None


def keep_arrow_bare() -> None:
    """Let pyarrow do without NumPy and pandas, as far as nobody has imported them.

    Called before pyarrow is imported, neither can be imported by anybody for the life of the
    process. Called later, pyarrow is made to look for pandas now and find none: from then on
    `to_pandas` is refused, and whoever imports pandas by its name gets it all the same.
    """
    if "pyarrow" not in sys.modules:
        sys.meta_path.insert(0, _Without("numpy", "pandas"))
    elif "pandas" not in sys.modules:
        _look_for_pandas_in_vain()


def _look_for_pandas_in_vain() -> None:
    import pyarrow as pa  # noqa: PLC0415 - it must not come with this module

    blind = _Without("pandas")
    sys.meta_path.insert(0, blind)
    try:
        pa.array([])
    finally:
        sys.meta_path.remove(blind)
