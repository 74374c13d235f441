"""Writing output files: outside the case, whole or not at all.

Laws:
1. An output is never written inside the case folder.
2. A file is written beside its target and renamed; a full disk leaves the file
   that was there before as it was.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from witnessmark.core.errors import InputError, StorageFault


def refuse_inside(case: Path, out: Path) -> None:
    """Refuse an output path inside the case folder.

    Raises:
        InputError: *out* is the case folder or lies in it.
    """
    if out.resolve().is_relative_to(case.resolve()):
        raise InputError(
            "the output would lie inside the case",
            where=str(out),
            to_do="choose a folder outside the case with --out",
        )


def write_whole(target: Path, content: bytes) -> None:
    """Write *content* to *target*, whole or not at all.

    Raises:
        StorageFault: the disk is full or the folder cannot be written; what stood
            at *target* before still stands there.
    """
    partial: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        partial = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    except OSError as error:
        if partial is not None:
            partial.unlink(missing_ok=True)
        raise StorageFault(
            f"the output could not be written: {error.strerror}",
            where=str(target),
            to_do="free space or choose another folder with --out; the case is untouched",
        ) from error
