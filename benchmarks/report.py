"""A table of figures, each with what is promised."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """`is_met` is None where nothing is promised."""

    what: str
    figure: float
    promise: str = ""
    is_met: bool | None = None

    @property
    def verdict(self) -> str:
        if self.is_met is None:
            return ""
        return "kept" if self.is_met else "MISSED"

    @classmethod
    def at_least(cls, what: str, figure: float, least: float) -> "Line":
        return cls(what, figure, f"at least {least:,g}", figure >= least)

    @classmethod
    def at_most(cls, what: str, figure: float, most: float) -> "Line":
        return cls(what, figure, f"at most {most:,g}", figure <= most)


def table(lines: Iterable[Line]) -> str:
    rows = [(line.what, f"{line.figure:,.2f}", line.promise, line.verdict) for line in lines]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        f"{what:<{widths[0]}}  {figure:>{widths[1]}}  {promise:<{widths[2]}}  {verdict}".rstrip()
        for what, figure, promise, verdict in rows
    )
