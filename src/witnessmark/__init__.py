"""Witnessmark: from reports, testimony and trade records to a checkable case.

The face of the package. Everything else is reached through the stages::

    >>> from witnessmark import extract
    >>> reading = extract("Prisoners work over 12 hours a day.")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from witnessmark.core.actor import PlaceCandidate
    from witnessmark.core.claim import Claim, Mention, Reading
    from witnessmark.core.errors import WitnessmarkError
    from witnessmark.flow import investigate
    from witnessmark.stages.extract import read as extract
    from witnessmark.stages.identify import compare_names, find_place
    from witnessmark.store.case import Case, open_case

__all__ = [
    "Case",
    "Claim",
    "Mention",
    "PlaceCandidate",
    "Reading",
    "WitnessmarkError",
    "__version__",
    "compare_names",
    "extract",
    "find_place",
    "investigate",
    "open_case",
]

_HOMES = {
    "Case": ("witnessmark.store.case", "Case"),
    "Claim": ("witnessmark.core.claim", "Claim"),
    "Mention": ("witnessmark.core.claim", "Mention"),
    "PlaceCandidate": ("witnessmark.core.actor", "PlaceCandidate"),
    "Reading": ("witnessmark.core.claim", "Reading"),
    "WitnessmarkError": ("witnessmark.core.errors", "WitnessmarkError"),
    "compare_names": ("witnessmark.stages.identify", "compare_names"),
    "extract": ("witnessmark.stages.extract", "read"),
    "find_place": ("witnessmark.stages.identify", "find_place"),
    "investigate": ("witnessmark.flow", "investigate"),
    "open_case": ("witnessmark.store.case", "open_case"),
}


def __getattr__(name: str) -> Callable[..., Any] | type:
    """Import a name of the face when it is first asked for; a bare import stays quick."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'witnessmark' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    found: Callable[..., Any] | type = getattr(import_module(module), attribute)
    return found
