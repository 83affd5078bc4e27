"""The RevOps screen, as Streamlit runs it: `streamlit run dashboard/app.py`."""

import os
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard import page, sync_page

st.set_page_config(page_title="Leadcycle", layout="wide")
folder = Path(os.environ.get("LEADCYCLE_PUBLISHED", ".leadcycle/published"))
st.navigation(
    [
        st.Page(partial(page.show, folder), title="Lifecycle", url_path="lifecycle", default=True),
        st.Page(partial(sync_page.show, folder), title="Syncs", url_path="syncs"),
    ],
    position="top",
).run()
