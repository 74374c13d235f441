"""The error tree, by viewpoint: whose business is it to put the thing right?

.. code-block:: text

    WitnessmarkError
    ├── InputError        your input: the call or a file is wrong           exit 2
    │   ├── UnreadableInput   one file of a batch; the rest goes on          exit 1
    │   └── RefusedAudience   an output that may not be made yet             exit 2
    ├── EvidenceFault     their evidence: a check found that it was altered exit 1
    └── StorageFault      our road: disk full, a lock held, a broken store  exit 1

Every error says WHAT happened, WHERE, and what TO DO about it. The doors print
``error: WHAT (WHERE): TO DO`` on standard error, never a traceback: one line, in which a
file name with line breaks or control signs cannot pass for another line.
"""

from __future__ import annotations

from typing import ClassVar


class WitnessmarkError(Exception):
    """An error that a person can act on.

    Args:
        what: what went wrong, lower case, no full stop.
        where: the file, table, option or place; empty where there is none.
        to_do: the remedy, as an instruction.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, where: str = "", to_do: str = "") -> None:
        """Keep the three parts apart, so that a door can lay them out."""
        super().__init__(what)
        self.what = what
        self.where = where
        self.to_do = to_do

    def __str__(self) -> str:
        """Return ``WHAT (WHERE): TO DO`` with empty parts left out."""
        place = f" ({self.where})" if self.where else ""
        remedy = f": {self.to_do}" if self.to_do else ""
        return visible(f"{self.what}{place}{remedy}")


def visible(text: str) -> str:
    r"""Return *text* on one line, signs that a terminal obeys or cannot show as escapes.

    Example:
        >>> visible("report\n\x1b[31m.txt")
        'report\\n\\x1b[31m.txt'
    """
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )


class InputError(WitnessmarkError):
    """The call or the input is wrong; nothing was changed."""

    exit_code: ClassVar[int] = 2


class UnreadableInput(InputError):
    """One file could not be taken in; the rest of the batch goes on."""

    exit_code: ClassVar[int] = 1


class RefusedAudience(InputError):
    """An output for an audience whose redaction is not built yet."""


class EvidenceFault(WitnessmarkError):
    """A source, log entry or derived file is not what was sealed."""


class StorageFault(WitnessmarkError):
    """The store could not do its work; what was accepted before is still there."""
