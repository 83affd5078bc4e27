"""Bars of people or accounts per stage: the path in its phases' colours, the detours in grey."""

from collections.abc import Sequence
from itertools import cycle

import plotly.graph_objects as go

from dashboard import palette
from dashboard.rows import StageStock
from dashboard.stages import Counted, count_of, detours, path_stages, phases
from dashboard.words import in_words

BAR_HEIGHT = 38
"""Pixels for one stage: room for its label on a telephone."""


def stages_figure(stocks: Sequence[StageStock], counted: Counted) -> go.Figure:
    """Draw a bar per stage of the path, first stage on top, one colour per phase."""
    stages = path_stages(stocks)
    total = sum(count_of(stage, counted) for stage in stages)
    figure = go.Figure()
    for phase, colour in zip(phases(stocks), cycle(palette.PHASES), strict=False):
        bars = [stage for stage in stages if stage.phase == phase]
        figure.add_trace(
            _bars(bars, counted, total).update(name=in_words(phase), marker_color=colour)
        )
    return _lay_out(figure, stages, counted)


def detours_figure(stocks: Sequence[StageStock], counted: Counted) -> go.Figure:
    """Draw a bar per detour, in grey: they lie beside the path."""
    stages = detours(stocks)
    total = sum(count_of(stage, counted) for stage in stages)
    bars = _bars(stages, counted, total).update(name="Detours", marker_color=palette.GREY)
    return _lay_out(go.Figure(bars), stages, counted).update_layout(showlegend=False)


def _bars(stages: Sequence[StageStock], counted: Counted, total: int) -> go.Bar:
    counts = [count_of(stage, counted) for stage in stages]
    return go.Bar(
        orientation="h",
        x=counts,
        y=[stage.stage_label for stage in stages],
        text=[f"{count:,}" for count in counts],
        textposition="outside",
        cliponaxis=False,
        hovertext=[_hover(stage, counted, total) for stage in stages],
        hoverinfo="text",
    )


def _hover(stage: StageStock, counted: Counted, total: int) -> str:
    count = count_of(stage, counted)
    beside: Counted = "Accounts" if counted == "People" else "People"
    return (
        f"<b>{stage.stage_label}</b><br>{count:,} of the {total:,} {counted.lower()}"
        f" in this chart ({count / max(total, 1):.0%})"
        f"<br>{count_of(stage, beside):,} {beside.lower()}"
    )


def _lay_out(figure: go.Figure, stages: Sequence[StageStock], counted: Counted) -> go.Figure:
    figure.update_layout(
        **palette.LAYOUT,
        height=BAR_HEIGHT * len(stages) + 60,
        bargap=0.25,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "itemclick": False},
    )
    most = max((count_of(stage, counted) for stage in stages), default=0)
    figure.update_xaxes(visible=False, range=[0, max(most, 1) * 1.15])
    order = [stage.stage_label for stage in reversed(stages)]
    figure.update_yaxes(categoryorder="array", categoryarray=order, ticks="", **palette.AXIS)
    return figure
