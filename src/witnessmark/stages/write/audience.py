"""For whom an output is made: the check that comes before everything else.

Law: until redaction and the leak sweep are built, every audience but ``internal``
is refused, before anything is read or written. There is no override.
"""

from __future__ import annotations

from witnessmark.core.errors import RefusedAudience
from witnessmark.core.provenance import Audience


def refuse_unbuilt(audience: Audience) -> None:
    """Refuse any audience for which the case would have to be redacted.

    Raises:
        RefusedAudience: the audience is not ``internal``.
    """
    if audience is not Audience.INTERNAL:
        raise RefusedAudience(
            f'audience "{audience.value}"',
            where="export",
            to_do="redaction is not built yet; only internal output can be made",
        )
