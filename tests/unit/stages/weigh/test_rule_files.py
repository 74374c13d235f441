"""The rule files: every regime holds the schema, carries its codes, and stands in the docs."""

from __future__ import annotations

import copy
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from witnessmark.core.errors import InputError
from witnessmark.core.provenance import CODE_PRINTS, Code
from witnessmark.stages.weigh.indicators import load_indicators
from witnessmark.stages.weigh.regimes import (
    ANSWERS,
    FOLDER,
    SCHEMA,
    Regime,
    Statement,
    load_regimes,
    read_regime,
)
from witnessmark.store.rulebook import load_rules, rule_names

LAW_PAGE = Path(__file__).resolve().parents[4] / "docs" / "law.md"
NEEDED = {
    "us_caatsa_321b",
    "us_tariff_307",
    "us_ofac_nksr",
    "un_2375",
    "cn_mofcom_52_2017",
    "eu_dprk_2017_1509",
    "eu_flr_2024_3015",
    "uk_dprk_2019",
    "uk_fpmga_poca",
    "ca_9897",
    "jp_total_ban",
    "kr_may24",
    "c29_art_2_1",
    "c29_art_2_2_c",
    "c105_art_1",
}


@pytest.mark.parametrize("name", rule_names(FOLDER))
def test_every_regime_file_holds_the_schema(name: str) -> None:
    """A regime file is read whole: steps numbered, codes known, S with address, id as the file."""
    regime = read_regime(load_rules(name, SCHEMA), name)
    assert name == f"{FOLDER}/{regime.id}.yaml"
    statements = [regime.in_force, regime.consequence, regime.goods.statement]
    entries = [*regime.goods.entries, *([regime.goods.otherwise] if regime.goods.otherwise else [])]
    statements += [entry.statement for entry in entries]
    statements += [Statement(step.test, step.code, step.source) for step in regime.steps]
    for statement in statements:
        assert statement.text
        assert statement.source.startswith("http") == (statement.code is Code.STORED)
    assert all(entry.answer in ANSWERS for entry in entries)
    assert any(step.decides for step in regime.steps)
    afters = {step.after for step in regime.steps} - {""}
    assert afters <= {step.id for step in regime.steps}


def test_the_regimes_of_the_first_case_are_there() -> None:
    """The regimes that the first case needs ship with the package, in a fixed order."""
    regimes = load_regimes()
    assert {regime.id for regime in regimes} >= NEEDED
    assert [r.order for r in regimes] == sorted({r.order for r in regimes})


def broken(change: str) -> dict[str, Any]:
    content: dict[str, Any] = copy.deepcopy(load_rules(f"{FOLDER}/un_2375.yaml", SCHEMA))
    match change:
        case "unknown key":
            content["verdict"] = "guilty"
        case "step gap":
            content["elements"][1]["number"] = 9
        case "S without address":
            content["elements"][1]["source"] = ""
        case "K with address":
            content["consequence"].update(code="K")
        case "unknown kind":
            content["elements"][1]["kind"] = "score"
        case "unknown answer":
            content["goods"]["lists"][0]["answer"] = "banned"
        case "unquoted heading":
            content["goods"]["lists"][0]["headings"] = [61]
        case "list without step":
            content["elements"] = [e for e in content["elements"] if e["kind"] == "dated"]
        case "nothing missing":
            content["elements"][1]["missing"] = ""
        case _:
            content["elements"] = []
    return content


@pytest.mark.parametrize(
    "change",
    [
        "unknown key",
        "step gap",
        "S without address",
        "K with address",
        "unknown kind",
        "unknown answer",
        "unquoted heading",
        "list without step",
        "nothing missing",
        "no steps",
    ],
)
def test_a_broken_regime_file_is_refused_by_name(change: str) -> None:
    """Whatever breaks a law of the rule files is an error that names the file."""
    with pytest.raises(InputError) as raised:
        read_regime(broken(change), "un_2375.yaml")
    assert "un_2375.yaml" in raised.value.where
    assert raised.value.to_do


@pytest.mark.parametrize(
    "pattern", [{}, {"predicate": "makes", "score": 1}, {"predicate": "guilt"}]
)
def test_a_broken_pattern_is_refused(pattern: dict[str, Any]) -> None:
    """An empty pattern, an unknown key and an unknown predicate are errors, never ignored."""
    content = copy.deepcopy(load_rules(f"{FOLDER}/us_tariff_307.yaml", SCHEMA))
    content["elements"][2]["for"] = [pattern]
    with pytest.raises(InputError, match=r"pattern|predicate"):
        read_regime(content, "us_tariff_307.yaml")


def test_the_longest_heading_wins() -> None:
    """6505 is answered for itself, 6704 for hair, 61 and 6110 for apparel, the rest otherwise."""
    goods = next(r for r in load_regimes() if r.id == "un_2375").goods
    answers = {
        h: e.answer for h in ("6505", "6704", "61", "6110", "6904") if (e := goods.answer(h))
    }
    assert answers == {
        "6505": "arguable",
        "6704": "not_on_list",
        "61": "on_list",
        "6110": "on_list",
        "6904": "not_on_list",
    }


def test_addresses_are_those_of_the_fact_sheet(shared: Path) -> None:
    """No address is made up: each stands in the sheet of regimes or of figures."""
    sheet = "".join(
        (shared / "facts" / name).read_text() for name in ("regimes.yaml", "system_facts.yaml")
    )
    known = {
        row["url"]
        for regime in yaml.safe_load((shared / "facts" / "regimes.yaml").read_text())["regimes"]
        for row in regime["sources"]
        if "url" in row
    }
    for regime in load_regimes():
        for step in regime.steps:
            assert not step.source or step.source in sheet, (regime.id, step.source)
        assert not regime.in_force.source or regime.in_force.source in known, regime.id
        assert not regime.consequence.source or regime.consequence.source in known, regime.id


def _coded(statement: Statement) -> str:
    mark = f"{statement.code.value}, {CODE_PRINTS[statement.code]}"
    return f"{statement.text} ({mark}{': <' + statement.source + '>' if statement.source else ''})"


def _page_of(regime: Regime) -> list[str]:
    lines = [
        f"### {regime.title}: {regime.subtitle}",
        "",
        f"`{regime.id}` · {regime.provision}",
        "",
    ]
    lines += [f"- In force: {_coded(regime.in_force)}"]
    if not regime.whole_case:
        lines += [f"- Goods: {_coded(regime.goods.statement)}"]
    for entry in regime.goods.entries:
        answer = f"{', '.join(entry.headings)}: {entry.answer.replace('_', ' ')}"
        lines.append(f"- List: {answer}: {_coded(entry.statement)}")
    if regime.goods.otherwise is not None:
        other = regime.goods.otherwise
        lines += [
            f"- List, other headings: {other.answer.replace('_', ' ')}: {_coded(other.statement)}"
        ]
    lines += ["", "One step is enough:" if regime.alternatives else "Steps:", ""]
    for step in regime.steps:
        missing = f" Missing until shown: {step.missing}." if step.missing else ""
        test = _coded(Statement(step.test, step.code, step.source))
        lines.append(f"{step.number}. `{step.id}` {test}{missing}")
    lines += ["", f"What follows: {_coded(regime.consequence)}", ""]
    return lines


def law_tables() -> str:
    """Return the generated part of docs/law.md."""
    lines: list[str] = ["## Indicators and their rules", ""]
    for indicator in load_indicators():
        lines += [
            f"### {indicator.number}. {indicator.title}",
            "",
            f"{indicator.definition} ({indicator.code.value}, {CODE_PRINTS[indicator.code]})",
            "",
        ]
        lines += [f"- rule {rule.number}: {rule.why}" for rule in indicator.rules]
        lines += [f"- counter-cue {rule.number}: {rule.why}" for rule in indicator.against]
        lines += [f"- ask: {indicator.ask}", ""]
    lines += ["## Regimes", ""]
    for regime in load_regimes():
        lines += _page_of(regime)
    return "\n".join(lines).rstrip() + "\n"


def test_the_law_page_is_the_rule_files() -> None:
    """docs/law.md says what the rule files say; WITNESSMARK_REGENERATE=1 writes it anew."""
    marker = "<!-- generated from rules/weigh by tests/unit/stages/weigh/test_rule_files.py -->\n"
    head, found, body = LAW_PAGE.read_text().partition(marker)
    assert found
    if os.environ.get("WITNESSMARK_REGENERATE") == "1":
        LAW_PAGE.write_text(head + marker + law_tables())
        body = law_tables()
    assert body == law_tables()
