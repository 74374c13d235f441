"""One list of kinds of sites, for every stage."""

from __future__ import annotations

from typing import Any

import pytest

from witnessmark.core.errors import InputError
from witnessmark.core.sitekind import (
    SITE_KINDS,
    SITE_KINDS_SCHEMA,
    SiteKind,
    held_kinds,
    site_kinds,
)
from witnessmark.stages.extract.mentions import lexicon
from witnessmark.stages.extract.rulefile import SITES_SCHEMA
from witnessmark.stages.extract.rulefile import rules as claim_rules
from witnessmark.stages.weigh.facts import load_held
from witnessmark.stages.write.phrasebook import phrasebook
from witnessmark.store.rulebook import load_rules

ROW = {"kind": "jail", "label": "a jail", "label_plural": "jails", "held": True}


def kinds() -> dict[str, SiteKind]:
    return site_kinds(load_rules(SITE_KINDS, SITE_KINDS_SCHEMA))


@pytest.mark.parametrize("code", ["en", "ko"])
def test_every_kind_that_extract_can_name_is_listed(code: str) -> None:
    """A site_kind claim of either language finds its label and whether people are held."""
    folder = f"extract/{code}"
    content = load_rules(f"{folder}/sites.yaml", SITES_SCHEMA)
    named = {row["kind"] for row in (*content["sites"], *content["claims"])}
    named |= {kind for _, kind in lexicon(folder, code).kinds}
    named |= {str(rule.value) for rule in claim_rules(folder) if rule.predicate == "site_kind"}
    assert {"labour_camp", "factory"} <= named
    assert named <= set(kinds())


def test_weigh_and_write_read_the_same_list() -> None:
    """Who is held is the same for the weighing and for the sentences of a dossier."""
    held = held_kinds(kinds())
    assert load_held().kinds == held
    assert {name for name, kind in phrasebook().site_kinds.items() if kind.held} == held
    assert {"labour_camp", "prison", "reform_centre", "jipkyulso"} <= held
    assert not {"factory", "workshop", "farm"} & held


def test_public_supervision_reads_the_penal_kinds() -> None:
    """Step 2 of C29 Art. 2(2)(c) lists the kinds that are penal by definition, no others."""
    regime = load_rules("weigh/regimes/c29_art_2_2_c.yaml", "witnessmark/regime/1")
    step = next(row for row in regime["elements"] if row["id"] == "public_supervision")
    listed = {
        value
        for row in step["for"]
        if row.get("predicate") == "site_kind"
        for value in row["values"]
    }
    assert listed == {name for name, kind in kinds().items() if kind.penal}


@pytest.mark.parametrize(
    "rows",
    [[ROW, ROW], [{**ROW, "colour": "red"}], [{"kind": "jail", "held": True}]],
    ids=["twice", "unknown key", "no label"],
)
def test_a_malformed_list_is_refused_by_row(rows: list[dict[str, Any]]) -> None:
    """A row too many, a key too many or too few is an error that names the row."""
    with pytest.raises(InputError, match="jail"):
        site_kinds({"kinds": rows})
    assert site_kinds({"kinds": [ROW]})["jail"].held
