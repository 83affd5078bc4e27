"""How the columns of the page's tables are written, by their heading."""

import streamlit as st

DAYS = ("Mean days", "Median days", "Days in stage")
POINTS = ("Score", "Fit", "Behaviour", "Adjustment")
MOVES = ("Completed moves", "Still open in From")
RECORDS = (
    *("Records", "Planned", "Unchanged", "Written", "Rejected", "Held back"),
    *("Kept as people typed", "Not found", "Left for later"),
)
OPPORTUNITIES = ("Opportunities", "People")
PASSES = ("Entered", "Twice", "3 or more")
COUNTS = (*MOVES, *RECORDS, *OPPORTUNITIES, *PASSES)

COLUMNS = {
    "Month": st.column_config.DateColumn(format="MMM YYYY"),
    "Amount": st.column_config.NumberColumn(format="localized", step=1),
    "Came back": st.column_config.ProgressColumn(
        format="%.0f%%", min_value=0, max_value=100, width="small"
    ),
    **{
        name: st.column_config.DatetimeColumn(format="DD MMM YYYY HH:mm", timezone="UTC")
        for name in ("As of (UTC)", "Last seen (UTC)", "Since (UTC)")
    },
    **{name: st.column_config.NumberColumn(format="%.1f") for name in DAYS},
    **{name: st.column_config.NumberColumn(format="%.2f") for name in POINTS},
    **{name: st.column_config.NumberColumn(format="localized") for name in COUNTS},
}
