"""Chinese for the extract stage: what the engine needs to know of the language.

Laws:
1. Only functions of text: folding and sentence ends (``chinese_sentences``), numbers
   (``chinese_hooks``). Cues, names and ways of saying who said it are data in
   ``rules/extract/zh``.
2. Simplified and traditional text are read by the same rules: folding, sign for sign,
   makes them one.
3. No word segmenter and no model is needed: the same text gives the same reading everywhere.
"""

from __future__ import annotations

from witnessmark.stages.extract.chinese_hooks import HOOKS
from witnessmark.stages.extract.chinese_sentences import fold, split
from witnessmark.stages.extract.language import Language

CHINESE = Language(
    code="zh", folder="extract/zh", split=split, fold=fold, numbers=HOOKS, spaced=False
)
"""Chinese, simplified and traditional."""
