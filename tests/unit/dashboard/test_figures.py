"""What the charts hold: values, order, colours and words."""

from datetime import date

from dashboard import palette
from dashboard.rows import VelocityMonth
from dashboard.stage_figures import detours_figure, stages_figure
from dashboard.velocity import Transition, View, months_until, transition_of
from dashboard.velocity_figure import hover_of, velocity_figure
from tests.unit.dashboard.usual_tables import AS_OF, STAGES, month, stock, usual_stocks

TODAY = AS_OF.date()
MONTHS = months_until(TODAY, 3)
SEPTEMBER, OCTOBER, NOVEMBER = MONTHS
VIEW = View("Mean", MONTHS, TODAY)
NAME_ENGAGED = month(SEPTEMBER, (3, 4), 12, 30.0, n_open=1830)
FEW = month(NOVEMBER, (3, 4), 4, 21.25, n_open=1900)


def test_each_phase_is_a_trace_in_its_own_colour() -> None:
    traces = stages_figure(usual_stocks(), "People").data

    assert [(trace.name, trace.marker.color) for trace in traces] == [
        ("Attract", palette.BLUE),
        ("Engage", palette.ORANGE),
        ("Close", palette.GREEN),
    ]


def test_bars_hold_and_show_the_people_of_each_stage() -> None:
    traces = stages_figure(usual_stocks(), "People").data
    bars = [bar for trace in traces for bar in zip(trace.y, trace.x, trace.text, strict=True)]

    assert bars == [(label, people, f"{people:,}") for _, label, _, people, *_ in STAGES]


def test_the_first_stage_is_on_top() -> None:
    axis = stages_figure(usual_stocks(), "People").layout.yaxis

    assert axis.categoryarray == tuple(label for _, label, *_ in reversed(STAGES))


def test_a_hover_on_a_bar_says_the_share() -> None:
    (trace,) = stages_figure([stock("name", 3, 1500), stock("friend", 2, 500)], "People").data

    assert trace.hovertext[1] == (
        "<b>Name</b><br>1,500 of the 2,000 people in this chart (75%)<br>0 accounts"
    )


def test_the_same_bars_can_count_accounts() -> None:
    stocks = [stock("friend", 2, 500, accounts=1000), stock("name", 3, 1500, accounts=0)]
    (trace,) = stages_figure(stocks, "Accounts").data

    assert (trace.x, trace.text) == ((1000, 0), ("1,000", "0"))
    assert trace.hovertext[0] == (
        "<b>Friend</b><br>1,000 of the 1,000 accounts in this chart (100%)<br>500 people"
    )


def test_stages_without_people_still_have_their_bars() -> None:
    figure = stages_figure([stock("name", 3, 0)], "People")

    assert (figure.data[0].x, figure.data[0].text) == ((0,), ("0",))


def test_detours_are_grey_and_apart() -> None:
    (trace,) = detours_figure(usual_stocks(), "People").data

    assert trace.marker.color == palette.GREY
    assert dict(zip(trace.y, trace.x, strict=True)) == {
        "Recycled": 95,
        "Lost": 0,
        "Disqualified": 310,
    }


def test_a_line_breaks_where_a_month_has_no_completed_moves() -> None:
    idle = month(OCTOBER, (3, 4), 0, None)
    line, _ = velocity_figure([NAME_ENGAGED, idle, FEW], [transition_of(FEW)], VIEW).data

    assert (line.name, line.x, line.y) == ("Name → Engaged", tuple(MONTHS), (30.0, None, 21.25))
    assert line.connectgaps is False


def test_months_with_few_moves_are_drawn_hollow() -> None:
    idle = month(OCTOBER, (3, 4), 0, None)
    line, hollow = velocity_figure([NAME_ENGAGED, idle, FEW], [transition_of(FEW)], VIEW).data

    assert (hollow.x, hollow.y, hollow.marker.color) == ((NOVEMBER,), (21.25,), "white")
    assert (line.showlegend, hollow.showlegend) == (None, False)


def test_hollow_points_hide_with_their_line() -> None:
    line, hollow = velocity_figure([FEW], [transition_of(FEW)], VIEW).data

    assert line.legendgroup == hollow.legendgroup == "Name → Engaged"


def test_the_axis_says_which_average_it_is() -> None:
    view = View("Median", MONTHS, TODAY)
    figure = velocity_figure([NAME_ENGAGED], [transition_of(FEW)], view)

    assert (figure.layout.yaxis.title.text, figure.data[0].y) == ("Median days", (15.0, None, None))


def colours(rows: list[VelocityMonth], chosen: list[Transition]) -> dict[str, str]:
    """The colour of each line."""
    lines = velocity_figure(rows, chosen, VIEW).select_traces({"mode": "lines+markers"})
    return {line.name: line.line.color for line in lines}


def test_a_line_keeps_its_colour_whichever_others_are_chosen() -> None:
    rows = [NAME_ENGAGED, month(OCTOBER, (4, 5), 40), month(OCTOBER, (6, 4), 3)]
    everything = colours(rows, [transition_of(row) for row in rows])

    for row in rows:
        alone = colours(rows, [transition_of(row)])
        assert alone.items() <= everything.items()
    assert len(set(everything.values())) == 3


def test_eight_lines_differ_in_colour_or_dash() -> None:
    assert len(set(palette.LINES)) == len(palette.LINES) >= 8


def test_a_hover_tells_moves_and_people_still_open() -> None:
    assert hover_of(NAME_ENGAGED, VIEW) == (
        "<b>Name → Engaged</b><br>September 2026<br>Mean 30.0 days"
        "<br>n = 12 completed moves<br>n_open = 1,830 still open in Name"
    )


def test_a_hover_owns_up_to_few_moves_and_an_unfinished_month() -> None:
    lines = hover_of(FEW, VIEW).split("<br>")

    assert lines[1:4] == [
        "November 2026 (not over yet)",
        "Mean 21.2 days",
        "n = 4 completed moves (few)",
    ]


def test_two_years_are_labelled_every_other_month() -> None:
    view = View("Mean", months_until(date(2026, 11, 22), 24), TODAY)

    assert velocity_figure([NAME_ENGAGED], [], view).layout.xaxis.dtick == "M2"
