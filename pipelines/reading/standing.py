"""The records that stood before a reading, less those that came: what is left is gone."""

from collections.abc import Collection, Iterable

import pyarrow as pa
import pyarrow.compute as pc


class Standing:
    """A list of ids to strike off from.

    Held once, in order, so that a scope is a slice of it: a reading of M members of any number of
    lists costs M log M, and 20 bytes or so for each.

    Args:
        portions: The ids, in the order of their characters' numbers.
    """

    def __init__(self, portions: Iterable[Collection[str]]) -> None:
        chunks = [pa.array(ids, pa.string()) for ids in portions]
        self._ids = pa.concat_arrays([pa.array([], pa.string()), *chunks])
        self._is_left = bytearray(b"\1") * len(self._ids)

    def strike(self, record_ids: Collection[str]) -> None:
        """Strike off these, as far as they stand."""
        if not len(self._ids):
            return
        came = pa.array(record_ids, pa.string())
        last = pa.scalar(len(self._ids) - 1, pa.uint64())
        places = pc.min_element_wise(pc.search_sorted(self._ids, came), last)
        stood = pc.equal(self._ids.take(places), came)
        for place in places.filter(stood).to_pylist():
            self._is_left[place] = 0

    def strike_scope(self, scope: str) -> None:
        """Strike off all that begin so."""
        begin, end = self._bounds(scope)
        self._is_left[begin:end] = bytes(end - begin)

    def left_of(self, scopes: Collection[str]) -> list[str]:
        """Return those left that begin with one of the scopes; "" is all of them."""
        left: list[str] = []
        for scope in ("",) if "" in scopes else scopes:
            begin, end = self._bounds(scope)
            marks = pa.py_buffer(bytes(self._is_left[begin:end]))
            is_left = pa.Array.from_buffers(pa.uint8(), end - begin, [None, marks])
            left += self._ids.slice(begin, end - begin).filter(is_left.cast(pa.bool_())).to_pylist()
        return left

    def _bounds(self, scope: str) -> tuple[int, int]:
        """Return where the ids that begin so begin and end in the list."""
        if not scope:
            return 0, len(self._ids)
        after = scope[:-1] + chr(ord(scope[-1]) + 1)
        begin, end = pc.search_sorted(self._ids, pa.array([scope, after])).to_pylist()
        return begin, end
