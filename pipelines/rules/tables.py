"""Rules as the tables that seeds are written from."""

Cell = str | int | float | bool | None
Table = list[dict[str, Cell]]
"""Rows by column name; every row names the same columns."""
