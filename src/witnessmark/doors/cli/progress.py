"""Progress bars on standard error, only where a person can see them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Generator

    from rich.progress import TaskID


class RichProgress:
    """Draws one bar per kind of work."""

    def __init__(self, bars: Progress) -> None:
        """Draw on *bars*."""
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def step(self, what: str, done: int, total: int) -> None:
        """Take note that *done* of *total* parts of *what* are finished."""
        if what not in self._tasks:
            self._tasks[what] = self._bars.add_task(what, total=max(total, 1))
        self._bars.update(self._tasks[what], completed=done, total=max(total, 1))


@contextmanager
def shown() -> Generator[RichProgress]:
    """Show bars while the block runs; silent where standard error is no terminal."""
    console = Console(stderr=True)
    bars = Progress(
        TextColumn("{task.description:<28}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    with bars:
        yield RichProgress(bars)
