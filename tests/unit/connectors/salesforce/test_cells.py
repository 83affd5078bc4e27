import io

import pytest

from connectors.errors import UnreadableAnswerError
from connectors.salesforce.cells import parse_rows, whole_rows

NAMES = ("Id", "Name")


def rows(page: str, block: int = 1 << 16) -> list[dict[str, object]]:
    pieces = whole_rows(io.BytesIO(page.encode()), block)  # type: ignore[arg-type]
    batches = parse_rows(pieces, NAMES, 2 * block)
    return [row for batch in batches for row in batch.to_pylist()]


def test_only_an_empty_cell_is_no_value() -> None:
    page = '"Id","Name"\n"1","NA"\n"2",""\n"3","null"\n'
    assert rows(page) == [
        {"Id": "1", "Name": "NA"},
        {"Id": "2", "Name": None},
        {"Id": "3", "Name": "null"},
    ]


def test_texts_keep_their_line_breaks_quotes_and_nul() -> None:
    text = 'one\r\ntwo, "three"\0four'
    page = '"Id","Name"\n"1","{}"\n'.format(text.replace('"', '""'))
    assert rows(page) == [{"Id": "1", "Name": text}]


@pytest.mark.parametrize("header", ['"Id","Name"\n', "id,name\r\n", ""])
def test_a_page_may_repeat_the_names_of_its_columns_or_not(header: str) -> None:
    assert rows(header + '"1","Ada"\n') == [{"Id": "1", "Name": "Ada"}]


def test_a_page_without_rows_is_empty() -> None:
    assert rows('"Id","Name"\n') == []
    assert rows("") == []


@pytest.mark.parametrize(
    "page",
    [
        "<html><body>Back soon.</body></html>",
        '"Id","Email"\n"1","a"\n',
        '"Name","Id"\n"Ada","1"\n',
        '"Id","Name"\n"1","Ada"\n"2"\n',
        '"Id","Name"\n"1","Ada"\n"2","Bo',
        '"Id","Name"\n"1","Ada"\n"2",',
        '"Id","Name"\n"1","Ada"\n"2","Bo"',
    ],
    ids=["html", "other-columns", "other-order", "few-cells", "in-a-cell", "at-a-cell", "no-end"],
)
def test_what_is_no_whole_page_of_these_columns_is_unreadable(page: str) -> None:
    with pytest.raises(UnreadableAnswerError) as caught:
        rows(page)
    assert "Bo" not in str(caught.value)


@pytest.mark.parametrize("block", [1, 7, 64, 1 << 16])
def test_a_page_may_arrive_in_pieces_of_any_size(block: int) -> None:
    page = '"Id","Name"\n"1","a ""b""\n""c"""\n"2","{}"\n"3",""\n'.format("x" * 500)
    assert [row["Name"] for row in rows(page, block)] == ['a "b"\n"c"', "x" * 500, None]


def test_a_row_that_never_ends_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.salesforce.cells.LONGEST_ROW", 100)
    with pytest.raises(UnreadableAnswerError, match="longer than 100 bytes"):
        rows('"Id","Name"\n"1","{}"\n'.format("x" * 500), block=50)
