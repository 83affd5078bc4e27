"""The functions of formulas, as SQL.

Source: Salesforce Help, "Formula Operators and Functions". Moments are kept as text in UTC.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from connectors.sandbox.clock import SQL_NOW
from connectors.sandbox.salesforce.formulas.pieces import Kind, Piece
from connectors.sandbox.salesforce.formulas.syntax import FormulaError

Pieces = Sequence[Piece]


class Function(NamedTuple):
    """A function whose parameters have fixed types; `sql` has their places in braces."""

    parameters: tuple[Kind, ...]
    result: Kind
    sql: str


FIXED: Mapping[str, Function] = {
    "TODAY": Function((), "Date", f"date({SQL_NOW})"),
    "NOW": Function((), "DateTime", f"({SQL_NOW} || '.000+0000')"),
    "YEAR": Function(("Date",), "Number", "cast(strftime('%Y', {0}) as real)"),
    "MONTH": Function(("Date",), "Number", "cast(strftime('%m', {0}) as real)"),
    "DAY": Function(("Date",), "Number", "cast(strftime('%d', {0}) as real)"),
    "LEN": Function(("Text",), "Number", "(length(coalesce({0}, '')) * 1.0)"),
    "LEFT": Function(("Text", "Number"), "Text", "substr({0}, 1, max(0, cast({1} as integer)))"),
    "RIGHT": Function(
        ("Text", "Number"),
        "Text",
        "substr({0}, max(1, length({0}) - cast({1} as integer) + 1))",
    ),
    "CONTAINS": Function(
        ("Text", "Text"), "Boolean", "coalesce(instr({0}, coalesce({1}, '')) > 0, 0)"
    ),
    "BEGINS": Function(
        ("Text", "Text"), "Boolean", "coalesce(instr({0}, coalesce({1}, '')) = 1, 0)"
    ),
    "UPPER": Function(("Text",), "Text", "upper({0})"),
    "LOWER": Function(("Text",), "Text", "lower({0})"),
    "TRIM": Function(("Text",), "Text", "trim({0})"),
    "ABS": Function(("Number",), "Number", "abs({0})"),
    # Towards zero, as Salesforce rounds below it; MFLOOR is the one that goes down.
    "FLOOR": Function(("Number",), "Number", "(cast({0} as integer) * 1.0)"),
    "ROUND": Function(
        ("Number", "Number"),
        "Number",
        # SQLite knows no digits before the point, so that these are moved behind it.
        "(round({0} / {step}, max(0, cast({1} as integer))) * {step})".replace(
            "{step}", "cast('1e' || max(0, -cast({1} as integer)) as real)"
        ),
    ),
    "VALUE": Function(("Text",), "Number", "cast(nullif(trim({0}), '') as real)"),
    "NOT": Function(("Boolean",), "Boolean", "(not {0})"),
}


def _all(pieces: Pieces) -> Piece:
    return _joined("AND", pieces)


def _any(pieces: Pieces) -> Piece:
    return _joined("OR", pieces)


def _joined(name: str, pieces: Pieces) -> Piece:
    for piece in pieces:
        want(name, piece, "Boolean")
    return Piece("(" + f" {name.lower()} ".join(piece.sql for piece in pieces) + ")", "Boolean")


def choose(pieces: Pieces) -> Piece:
    """Return IF, or several of which each is in the last place of the one before it.

    Args:
        pieces: Conditions, each with its result, and the result when none of them holds.

    Raises:
        FormulaError: a piece has another type than it needs.
    """
    conditions, results = pieces[:-1:2], [*pieces[1::2], pieces[-1]]
    for condition in conditions:
        want("IF", condition, "Boolean")
    kind = _common("IF", results)
    branches = " ".join(
        f"when {condition.sql} then {result.sql}"
        for condition, result in zip(conditions, results[:-1], strict=True)
    )
    return Piece(f"(case {branches} else {results[-1].sql} end)", kind)


def _case(pieces: Pieces) -> Piece:
    if len(pieces) % 2:
        message = "Incorrect number of parameters for function 'CASE()'. Expected "
        raise FormulaError(f"{message}{len(pieces) + 1}, received {len(pieces)}")
    subject, otherwise = pieces[0], pieces[-1]
    whens, results = pieces[1:-1:2], pieces[2:-1:2]
    kind = _common("CASE", [*results, otherwise])
    branches = " ".join(
        f"when {_plain(subject)} is {when.sql} then {result.sql}"
        for when, result in zip(whens, results, strict=True)
    )
    return Piece(f"(case {branches} else {otherwise.sql} end)", kind)


def _is_blank(pieces: Pieces) -> Piece:
    sql = pieces[0].sql
    return Piece(f"({sql} is null or {sql} = '')", "Boolean")


def _blank_value(pieces: Pieces) -> Piece:
    blank = _is_blank(pieces[:1]).sql
    kind = _common("BLANKVALUE", pieces)
    return Piece(f"iif({blank}, {pieces[1].sql}, {pieces[0].sql})", kind)


def _is_picked(pieces: Pieces) -> Piece:
    want("ISPICKVAL", pieces[0], "Picklist")
    want("ISPICKVAL", pieces[1], "Text")
    option = f"coalesce({pieces[1].sql}, '')"
    return Piece(f"(coalesce({_plain(pieces[0])}, '') = {option})", "Boolean")


def _text(pieces: Pieces) -> Piece:
    piece = pieces[0]
    if piece.kind in ("Text", "Boolean", "Null"):
        raise _wrong_type("function 'TEXT()'", "Number, Date, DateTime, Picklist", piece)
    if piece.kind == "Number":
        whole = f"{piece.sql} = cast({piece.sql} as integer)"
        number = f"iif({whole}, cast({piece.sql} as integer), {piece.sql})"
        return Piece(f"cast({number} as text)", "Text")
    if piece.kind == "DateTime":
        return Piece(f"(replace(substr({piece.sql}, 1, 19), 'T', ' ') || 'Z')", "Text")
    return Piece(piece.sql, "Text")


def _date_value(pieces: Pieces) -> Piece:
    if pieces[0].kind not in ("DateTime", "Text", "Date"):
        raise _wrong_type("function 'DATEVALUE()'", "Date, DateTime, Text", pieces[0])
    return Piece(f"date(substr({pieces[0].sql}, 1, 10))", "Date")


def _least(pieces: Pieces) -> Piece:
    return _extreme("MIN", pieces)


def _greatest(pieces: Pieces) -> Piece:
    return _extreme("MAX", pieces)


def _extreme(name: str, pieces: Pieces) -> Piece:
    for piece in pieces:
        want(name, piece, "Number")
    # With one argument SQLite's function would be the aggregate.
    listed = [*pieces, pieces[0]] if len(pieces) == 1 else pieces
    return Piece(f"{name.lower()}({', '.join(piece.sql for piece in listed)})", "Number")


class Free(NamedTuple):
    """A function that looks at the types itself, and how many parameters it takes."""

    least: int
    most: int
    build: Callable[[Pieces], Piece]


FREE: Mapping[str, Free] = {
    "AND": Free(1, 99, _all),
    "OR": Free(1, 99, _any),
    "IF": Free(3, 3, choose),
    "CASE": Free(4, 99, _case),
    "ISBLANK": Free(1, 1, _is_blank),
    "ISNULL": Free(1, 1, _is_blank),
    "BLANKVALUE": Free(2, 2, _blank_value),
    "ISPICKVAL": Free(2, 2, _is_picked),
    "TEXT": Free(1, 1, _text),
    "DATEVALUE": Free(1, 1, _date_value),
    "MIN": Free(1, 99, _least),
    "MAX": Free(1, 99, _greatest),
}


def call_function(name: str, pieces: Pieces) -> Piece:
    """Return a function applied to pieces.

    Raises:
        FormulaError: nobody knows the function, or it takes no such pieces.
    """
    if name in FREE:
        free = FREE[name]
        _check_count(name, len(pieces), free.least, free.most)
        return free.build(pieces)
    if name not in FIXED:
        raise FormulaError(f"Unknown function {name}. Check spelling.")
    fixed = FIXED[name]
    _check_count(name, len(pieces), len(fixed.parameters), len(fixed.parameters))
    for piece, kind in zip(pieces, fixed.parameters, strict=True):
        want(name, piece, kind)
    return Piece(fixed.sql.format(*(piece.sql for piece in pieces)), fixed.result)


def want(name: str, piece: Piece, kind: Kind) -> None:
    """Check that a function's parameter has the type it needs.

    Raises:
        FormulaError: it has another.
    """
    if piece.kind not in (kind, "Null"):
        raise _wrong_type(f"function '{name}()'", kind, piece)


def _wrong_type(where: str, expected: str, piece: Piece) -> FormulaError:
    return FormulaError(
        f"Incorrect parameter type for {where}. Expected {expected}, received {piece.kind}"
    )


def _check_count(name: str, count: int, least: int, most: int) -> None:
    if not least <= count <= most:
        expected = least if count < least else most
        raise FormulaError(
            f"Incorrect number of parameters for function '{name}()'. "
            f"Expected {expected}, received {count}"
        )


def _common(name: str, pieces: Pieces) -> Kind:
    kinds = [piece.kind for piece in pieces if piece.kind != "Null"]
    for piece in pieces:
        want(name, piece, kinds[0] if kinds else "Null")
    return kinds[0] if kinds else "Null"


def _plain(piece: Piece) -> str:
    """Columns fold case, formulas don't."""
    return f"{piece.sql} collate binary" if piece.kind in ("Text", "Picklist") else piece.sql
