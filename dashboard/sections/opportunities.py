"""What is in the pipeline, and what became of it."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from dashboard.drawing import section, show_table
from dashboard.opportunities import open_or_closed_in, state_totals, table_of
from dashboard.published import Snapshot, read_rows
from dashboard.rows import Opportunity
from dashboard.words import whole_amount


def show(snapshot: Snapshot, months: Sequence[date]) -> None:
    """Show open opportunities and those closed in these months: numbers, then by stage."""
    with section("Opportunities"):
        everything = read_rows(snapshot, "marts.opportunities", Opportunity)
        if not everything:
            st.info("There is no opportunity yet.")
            return
        shown = open_or_closed_in(everything, months)
        show_totals(shown, since=months[0])
        show_table(table_of(shown))
        st.caption(note(shown))


def show_totals(shown: Sequence[Opportunity], since: date) -> None:
    """Show how many are open, won and lost, each with its amount."""
    with st.container(horizontal=True):
        for total in state_totals(shown):
            span = "now" if total.state == "open" else f"since {since:%b %Y}"
            st.metric(
                f"{total.state.capitalize()} {span}",
                f"{total.count:,}",
                None if total.amount is None else whole_amount(total.amount),
                delta_color="off",
                delta_arrow="off",
                delta_description="amount",
                border=True,
            )


def note(shown: Sequence[Opportunity]) -> str:
    """Say how to read the amounts and the people."""
    unpriced = sum(opportunity.amount is None for opportunity in shown)
    return (
        f"Amounts as the CRMs hold them, not converted. Opportunities without one: {unpriced:,}."
        " Somebody with a part in two opportunities counts in both."
    )
