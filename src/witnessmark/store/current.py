"""Which renditions are current: the ones that are read, weighed and compared.

Law: a pure function of the tables; older renditions stay, and quotes on them stay valid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from witnessmark.core.rereading import current_of
from witnessmark.store.tables import RENDITIONS, REREADINGS

if TYPE_CHECKING:
    from witnessmark.core.source import Rendition
    from witnessmark.store.case import Case


def current_renditions(case: Case) -> tuple[Rendition, ...]:
    """Return the renditions of *case* that no later reading of their source has followed."""
    return current_of(case.casebook.rows(RENDITIONS), case.casebook.rows(REREADINGS))
