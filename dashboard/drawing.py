"""How every part of the page is drawn: headed alike, and failing alone."""

from collections.abc import Iterator
from contextlib import contextmanager

import plotly.graph_objects as go
import streamlit as st

from dashboard.columns import COLUMNS
from dashboard.published import PublishedError

CHART_CONFIG = {"displayModeBar": False, "scrollZoom": False}


@contextmanager
def section(title: str) -> Iterator[None]:
    """Head one part of the page; a table it cannot read costs only this part."""
    st.subheader(title)
    try:
        yield
    except PublishedError as error:
        st.warning(str(error))


def show_table(rows: list[dict[str, object]]) -> None:
    """Draw rows as a table that scrolls by itself."""
    st.dataframe(rows, hide_index=True, column_config=COLUMNS, placeholder="–")


def show_chart(figure: go.Figure, alt: str) -> None:
    """Draw a figure as wide as its column, without Plotly's tool bar."""
    st.plotly_chart(figure, config=CHART_CONFIG, alt=alt)
