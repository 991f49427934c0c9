"""How fast a request's body has to arrive."""

from collections import deque
from dataclasses import dataclass, field

#: Bytes a second, over any window of so many seconds.
RATE, WINDOW = 2000, 10.0
#: Arrivals this close together (seconds) count as one, so that a body sent byte by byte takes no memory.
_GRAIN = 0.25


@dataclass(slots=True)
class BodyRate:
    """The arrivals of one body.

    Times are seconds spent waiting for the body since it was first asked for. The time that the
    site itself takes between two reads is not the sender's fault, and does not count.
    """

    rate: int = RATE
    window: float = WINDOW
    _arrivals: deque[tuple[float, int]] = field(default_factory=deque)

    def arrived(self, at: float, size: int) -> None:
        """Note ``size`` bytes that arrived at ``at``."""
        if self._arrivals and at - self._arrivals[-1][0] < _GRAIN:
            since, before = self._arrivals.pop()
            self._arrivals.append((since, before + size))
        else:
            self._arrivals.append((at, size))
        while self._arrivals[0][0] <= at - self.window:
            self._arrivals.popleft()

    def deadline(self) -> float:
        """Return the moment at which the body is too slow if nothing more arrives until then."""
        missing = self.rate * self.window
        for at, size in reversed(self._arrivals):
            missing -= size
            if missing <= 0:
                return at + self.window
        return self.window
