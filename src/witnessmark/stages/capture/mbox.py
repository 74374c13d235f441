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
from witnessmark.stages.capture.reading import Attachment, Read

if TYPE_CHECKING:
    from witnessmark.stages.capture.limits import Limits

MEDIA_TYPE = "application/mbox"

START = re.compile(
    rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))"
    rb"From [^\r\n]{0,1000}\b\d{1,2}:\d{2}(?::\d{2})?\b[^\r\n]{0,100}\r?\n"
    rb"(?=[!-9;-~]+[ \t]*:)"
)
"""The line before a message: it ends in a date and a header field follows."""


def read_mbox(content: bytes, *, where: str, limits: Limits) -> Read:
    """Read a mailbox.

    Raises:
        UnreadableInput: it does not begin with a message, or holds too many.
    """
    starts = list(START.finditer(content))
    if not starts or starts[0].start():
        raise UnreadableInput(
            "the mailbox does not begin with a message",
            where=where,
            to_do="export it again from the mail program, or save its messages as eml",
        )
    if len(starts) > limits.max_files:
        raise UnreadableInput(
            f"the mailbox holds more than {limits.max_files} messages",
            where=where,
            to_do="split it",
        )
    ends = [*(start.start() for start in starts[1:]), len(content)]
    return Read(
        SourceKind.MBOX,
        MEDIA_TYPE,
        notes=(f"{len(starts)} messages",),
        attachments=tuple(
            Attachment(
                f"message-{number}.eml",
                content[start.end() : end],
                place=f"message {number}",
                notes=(f"bytes {start.end()} to {end} of the mailbox",),
            )
            for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
        ),
    )
