"""Which sources are independent of one another: an echo counts once.

Laws:
1. Two outlets that repeat one source are one origin.
2. A source that names another source's outlet is taken for its echo.
3. A source that states no outlet is never counted as independent of another one.
4. What is invented is no origin at all; a paraphrase is its original, once.

The rule errs towards one origin: a wrong "two" would lend a claim a weight that it
doesn't have, a wrong "one" only asks for more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from witnessmark.core.source import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from witnessmark.core.claim import Claim
    from witnessmark.core.source import Source

UNSTATED = "outlet not stated"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def origin_letters(
    sources: Iterable[Source], claims: Iterable[Claim], texts: Mapping[str, str]
) -> dict[str, str]:
    """Return the letter of the origin of each source that makes a claim.

    Args:
        sources: all sources, in order of capture.
        claims: the standing claims.
        texts: the text of each source, by its id.

    Returns:
        Source id to letter (``A``, ``B`` … ``A2`` after ``Z``), letters given in the
        order of capture. Invented sources get an empty letter.
    """
    speaking = {claim.source for claim in claims}
    known = [row for row in sources if row.id in speaking]
    counted = [row for row in known if row.standing is not Standing.INVENTED]
    parent = {row.id: row.id for row in counted}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    for left in counted:
        for right in counted:
            if left.id < right.id and _one_origin(left, right, texts):
                parent[root(right.id)] = root(left.id)
    letters: dict[str, str] = {}
    for row in counted:
        letters.setdefault(root(row.id), _letter(len(letters)))
    given = {row.id: letters[root(row.id)] for row in counted}
    return {row.id: given.get(row.id, "") for row in known}


def _one_origin(left: Source, right: Source, texts: Mapping[str, str]) -> bool:
    if not left.outlet or not right.outlet:
        return True
    if left.outlet.casefold() == right.outlet.casefold() or left.sha256 == right.sha256:
        return True
    return (
        left.outlet.casefold() in texts.get(right.id, "").casefold()
        or right.outlet.casefold() in texts.get(left.id, "").casefold()
    )


def _letter(number: int) -> str:
    turn, rest = divmod(number, len(LETTERS))
    return LETTERS[rest] + (str(turn + 1) if turn else "")
