"""How long work tells its caller how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Hears of each step; a door draws a bar from it."""

    def step(self, what: str, done: int, total: int) -> None:
        """Take note that *done* of *total* parts of *what* are finished."""
        ...
