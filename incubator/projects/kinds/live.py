"""The kinds that make a sheet which goes on computing in an office's program: one line a kind. Pure."""

from collections.abc import Callable

from incubator.projects.kinds import budget_live, cash_live, economics_live
from incubator.projects.kinds.sheet import Sheet
from incubator.tabular.live_sheets import LiveSheet

LIVE: dict[str, Callable[[Sheet, str], LiveSheet]] = {
    "budget": budget_live.live,
    "economics": economics_live.live,
    "cash_flow": cash_live.live,
}
