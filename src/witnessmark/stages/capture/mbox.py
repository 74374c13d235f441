"""Mailboxes (mbox): each message becomes a source of its own.

Laws:
1. A message's bytes are taken as they stand; a line ``>From`` keeps its mark.
2. A message begins at a ``From`` line with a date that follows an empty line, nowhere else.
3. Senders are not shown: a message is called by its number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from witnessmark.core.errors import UnreadableInput
from witnessmark.core.source import SourceKind
from witnessmark.stages.capture.contents import part
from witnessmark.stages.capture.limits import NotRead
from witnessmark.stages.capture.reading import Attachment, Read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from witnessmark.stages.capture.contents import Data
    from witnessmark.stages.capture.limits import Limits

MEDIA_TYPE = "application/mbox"

START = re.compile(
    rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))"
    rb"From [^\r\n]{0,1000}\b\d{1,2}:\d{2}(?::\d{2})?\b[^\r\n]{0,100}\r?\n"
    rb"(?=[!-9;-~]+[ \t]*:)"
)
"""The line before a message: it ends in a date and a header field follows."""


WINDOW = 4 * 1024 * 1024
"""Bytes of a mailbox that are searched at a time."""

OVERLAP = 65_536
"""Bytes beyond a window in which a ``From`` line and the field after it must end."""

BEFORE = 3
"""Bytes before a ``From`` line that decide: an empty line ends there."""


def read_mbox(content: Data, *, where: str, limits: Limits) -> Read:
    """Read a mailbox.

    Raises:
        NotRead: it holds too many.
        UnreadableInput: it does not begin with a message.
    """
    starts: list[tuple[int, int]] = []
    for start in _starts(content):
        starts.append(start)
        if starts[0][0]:
            break
        if len(starts) > limits.max_files:
            raise NotRead(
                f"the mailbox holds more than {limits.max_files} messages",
                where=where,
                to_do="split it and give the parts too",
                media_type=MEDIA_TYPE,
            )
    if not starts or starts[0][0]:
        raise UnreadableInput(
            "the mailbox does not begin with a message",
            where=where,
            to_do="export it again from the mail program, or save its messages as eml",
        )
    ends = [*(begin for begin, _ in starts[1:]), len(content)]
    return Read(
        SourceKind.MBOX,
        MEDIA_TYPE,
        notes=(f"{len(starts)} messages",),
        attachments=tuple(
            Attachment(
                f"message-{number}.eml",
                part(content, first, last),
                place=f"message {number}",
                notes=(f"bytes {first} to {last} of the mailbox",),
            )
            for number, ((_, first), last) in enumerate(zip(starts, ends, strict=True), start=1)
        ),
    )


def _starts(content: Data) -> Iterator[tuple[int, int]]:
    """Yield where each ``From`` line begins and ends, window by window."""
    searched = 0
    for place in range(0, len(content), WINDOW):
        begin = max(0, place - BEFORE)
        window = content[begin : place + WINDOW + OVERLAP]
        for match in START.finditer(window, max(place, searched) - begin):
            if begin + match.start() >= place + WINDOW:
                break
            searched = begin + match.end()
            yield begin + match.start(), searched
