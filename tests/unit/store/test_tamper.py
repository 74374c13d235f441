"""Bits flipped in a sealed case: the short form of ``tools/campaign_tamper.py``."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

from witnessmark.store.verify import verify_path

TOOL = Path(__file__).resolve().parents[3] / "tools" / "campaign_tamper.py"


def _tool() -> Any:
    spec = importlib.util.spec_from_file_location("campaign_tamper", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["campaign_tamper"] = module  # its dataclass looks itself up there
    spec.loader.exec_module(module)
    return module


def test_flipped_bits_are_found_and_named(tmp_path: Path) -> None:
    """Attack: one bit of a sealed case is flipped. Verify fails and names the file; put back,
    the case verifies again."""
    tool = _tool()
    path, key = tool.example(tmp_path)
    seen = tool.campaign(path, key, sampled=120, seed=3, every=16)
    assert seen.missed == ()
    assert set(seen.exhaustive) >= {"case.json", "custody/log"}
    assert sum(seen.exhaustive.values()) + seen.sampled > 400
    assert verify_path(path, key).faults == ()


def test_the_campaign_sees_a_verify_that_is_blind(tmp_path: Path, monkeypatch: Any) -> None:
    """Were verify to pass everything, the campaign would say so for every flip."""
    tool = _tool()
    path, key = tool.example(tmp_path)
    good = verify_path(path, key)
    monkeypatch.setattr(tool, "verify_path", lambda *_: good)
    seen = tool.campaign(path, key, sampled=5, seed=3, every=400)
    assert len(seen.missed) == sum(seen.exhaustive.values()) + 5
