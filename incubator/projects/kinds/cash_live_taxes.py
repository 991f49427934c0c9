"""The taxes of a plan in a spreadsheet's words; what they mean is said in ``cash_taxes.py``. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from incubator.programme.tax_rates import Tax
from incubator.projects.kinds.cash_taxes import YEAR

_COSTS = ("variable", "fixed", "wages", "once")


@dataclass(frozen=True, slots=True)
class TaxFormulas:
    """The formulas of one month, below zero as they stand in the table."""

    at: Mapping[str, str]
    """Addresses of the single cells."""
    regimes: str
    """Where the names of the regimes stand."""
    month: int
    rate: Callable[[Tax, int], str]
    """The address of a rate in a year of the plan."""
    so_far: Callable[[Sequence[str], int, int], str]
    """The sum of some lines from one month to another."""

    def of(self, income: str, line: str) -> str:
        """Return the tax on the money or the sales that stand in a line; ``line``: where the tax itself stands."""
        year = self.month // YEAR
        here = self.so_far((income,), self.month, self.month)
        parts = [
            f"ROUND(({here})*{self.rate(tax, year)}/100,2)"
            for tax in (Tax.SELF_EMPLOYED_PEOPLE, Tax.SELF_EMPLOYED_FIRMS, Tax.INCOME)
        ]
        chosen = f"MATCH({self.at['tax']},{self.regimes},0)"
        return f"-CHOOSE({chosen},{','.join(parts)},{self._on_profit(income, line, year)},{self._patent()})"

    def _on_profit(self, income: str, line: str, year: int) -> str:
        since = year * YEAR
        income_so_far = self.so_far((income,), since, self.month)
        profit = f"{income_so_far}+{self.so_far(_COSTS, since, self.month)}"
        due = f"ROUND(MAX(0,{profit})*{self.rate(Tax.PROFIT, year)}/100,2)"
        if self.month % YEAR == YEAR - 1:
            due = f"MAX({due},ROUND(({income_so_far})*{self.rate(Tax.LEAST, year)}/100,2))"
        before = self.so_far((line,), since, self.month - 1) if self.month > since else "0"  # below zero
        return f"MAX(0,{due}+{before})"

    def _patent(self) -> str:
        price = f"SUM({self.at['patent']})"
        third = f"ROUND({price}/3,2)"
        return {2: third, YEAR - 1: f"({price}-{third})"}.get(self.month % YEAR, "0")
