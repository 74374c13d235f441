"""A fuzz target per parser: whatever the bytes, an answer that holds its laws or a named refusal.

Short in every run; ``make fuzz SECONDS=3600`` spoils files for an hour, and
``WITNESSMARK_FUZZ=100000 pytest tests/fuzz`` lets hypothesis look for as long as it takes.
"""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fuzz.spoiling import spoiled
from tests.fuzz.targets import TARGETS, Contained, Target

from witnessmark.stages import capture

EXAMPLES = int(os.environ.get("WITNESSMARK_FUZZ", "60"))
SLOW = max(EXAMPLES // 6, 1)
"""Examples of a target that reads in another process or on the disk."""

CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from("fdic"), st.binary(min_size=1, max_size=12)),
    max_size=6,
)
SHORT = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
FEWER = settings(SHORT, max_examples=SLOW)


def changed(content: bytes, changes: list[tuple[float, str, bytes]]) -> bytes:
    """Flip, delete, insert and cut at the places given."""
    out = bytearray(content)
    for share, how, data in changes:
        place = int(share * len(out))
        if how == "f":
            out[place : place + len(data)] = data
        elif how == "d":
            del out[place : place + len(data)]
        elif how == "i":
            out[place:place] = data
        else:
            del out[place:]
    return bytes(out)


def _tried(target: Target, content: bytes) -> None:
    try:
        target.run(content)
    except Contained as lost:
        pytest.fail(f"{target.name}: {lost}: keep the file and tell the library's makers")


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_seed(target: Target) -> None:
    """The first undamaged seed is taken in: what follows does fuzz a reader, not a refusal."""
    first, *others = target.seeds()
    expected = target.name not in {"picture", "time stamp"}  # one pixel; a request is no answer
    assert target.run(first) or not expected
    assert others == [] or any(target.run(other) for other in others)


@pytest.mark.parametrize(
    "target", [one for one in TARGETS if not one.slow], ids=lambda one: one.name
)
@given(changes=CHANGES, data=st.data())
@SHORT
def test_damaged(
    target: Target, changes: list[tuple[float, str, bytes]], data: st.DataObject
) -> None:
    """Attack: whatever is flipped, cut, put in or taken out, there is an answer or a refusal."""
    _tried(target, changed(data.draw(st.sampled_from(target.seeds())), changes))


@pytest.mark.parametrize("target", [one for one in TARGETS if one.slow], ids=lambda one: one.name)
@given(changes=CHANGES, data=st.data())
@FEWER
def test_damaged_apart(
    target: Target, changes: list[tuple[float, str, bytes]], data: st.DataObject
) -> None:
    """The same for readers in another process and on the disk."""
    _tried(target, changed(data.draw(st.sampled_from(target.seeds())), changes))


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_spoiled_inside(target: Target) -> None:
    """Attack: a part is spoiled inside its container, and every sum is right again."""
    for number in range(SLOW if target.slow else EXAMPLES):
        chance = random.Random(f"{target.name} {number}")
        _tried(target, spoiled(chance.choice(target.seeds()), chance))


def test_every_parser_has_a_target() -> None:
    """A new reader of capture or the store cannot come in without one."""
    readers = Path(capture.__file__).with_name("readers.py").read_text(encoding="utf-8")
    kinds = set(re.findall(r"SourceKind\.([A-Z]+)", readers))
    names = {target.name.split(".", 1)[-1] for target in TARGETS}
    of_kind = {"EMAIL": "eml", "IMAGE": "png", "TEXT": "txt"}
    assert {of_kind.get(kind, kind.lower()) for kind in kinds} <= names
    assert {"note", "checkpoint", "time stamp", "header", "recovery sheet", "bag"} <= names
