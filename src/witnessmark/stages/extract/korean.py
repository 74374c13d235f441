"""Korean for the extract stage: what the engine needs to know of the language.

Laws:
1. Only functions of text: folding and sentence ends (``korean_sentences``), numbers
   (``korean_hooks``). Cues, names and ways of saying who said it are data in
   ``rules/extract/ko``.
2. No dictionary and no model is needed: particles are told from stems by the patterns,
   so the same text gives the same reading everywhere.
"""

from __future__ import annotations

from witnessmark.stages.extract.korean_hooks import HOOKS
from witnessmark.stages.extract.korean_sentences import fold, split
from witnessmark.stages.extract.language import Language

KOREAN = Language(
    code="ko", folder="extract/ko", split=split, fold=fold, numbers=HOOKS, spaced=False
)
"""Korean."""
