"""Colours that stay apart for colour-blind readers, and the look all charts share.

The colours are those of Okabe and Ito, "Color Universal Design" (2008).
"""

from collections.abc import Mapping
from itertools import product
from typing import Any

BLUE, ORANGE, GREEN = "#0072B2", "#E69F00", "#009E73"
VERMILLION, SKY, PURPLE, BLACK = "#D55E00", "#56B4E9", "#CC79A7", "#000000"
GREY, INK, GRID = "#9A9A9A", "#31333F", "#E6E6EA"

PHASES = (BLUE, ORANGE, GREEN, PURPLE, VERMILLION, SKY)
"""By the phase's place on the path."""

LINES = tuple(
    (colour, dash)
    for dash, colour in product(
        ("solid", "dash", "dot"), (BLUE, ORANGE, GREEN, VERMILLION, SKY, PURPLE, BLACK)
    )
)
"""Colour and dash of a line; the first seven differ by colour alone."""

LAYOUT: Mapping[str, Any] = {
    "margin": {"l": 0, "r": 8, "t": 8, "b": 0},
    "dragmode": False,
    "plot_bgcolor": "white",
    "font": {"color": INK, "size": 14},
}
"""No dragging: a finger on a chart must still scroll the page."""

AXIS: Mapping[str, Any] = {"tickfont": {"color": INK, "size": 13}, "title_font": {"color": INK}}
"""Labels as dark as the text: Streamlit's own grey is hard to read on a telephone."""
