"""The documentation: every command, option, table and rule file is in it, because this says so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from witnessmark.store.tables import SHELVES

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def reference(tool: Callable[[str], ModuleType]) -> ModuleType:
    """The script that writes the reference pages."""
    return tool("make_reference_docs")


@pytest.mark.parametrize("page", ["commands.md", "tables.md", "rules.md"])
def test_a_reference_page_is_what_the_program_says(reference: ModuleType, page: str) -> None:
    """A page that was not written again after a change fails: run ``make generate``."""
    written = (DOCS / page).read_text(encoding="utf-8")
    assert written == reference.PAGES[page](), "run: make generate"


def test_every_command_and_option_is_documented(reference: ModuleType) -> None:
    """Each command has a section; each option and argument a row in it, with a meaning."""
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    sections = re.split(r"^## ", page, flags=re.MULTILINE)
    by_name = {part.partition("\n")[0].strip("`"): part for part in sections[1:]}
    seen = 0
    for name, command in reference.commands():
        section = by_name[name]
        for parameter in command.params:
            row = f"| `{reference.names_of(parameter)}` |"
            assert row in section, f"{name}: {row}"
            meaning = section.split(row, 1)[1].split("\n", 1)[0].rsplit("|", 2)[1]
            assert len(meaning.split()) >= 2, f"{name}: {row} has no help text"
            seen += 1
    assert seen > 30


def test_every_command_says_what_it_does(reference: ModuleType) -> None:
    """No command is listed without a sentence about it."""
    for name, command in reference.commands():
        assert len((command.help or "").split()) >= 3, name


def test_every_table_is_documented_with_every_column() -> None:
    """No table and no column of a casebook is a secret."""
    page = (DOCS / "tables.md").read_text(encoding="utf-8")
    for shelf in SHELVES:
        assert f"## `{shelf.name}`" in page
        section = page.split(f"## `{shelf.name}`", 1)[1].split("\n## ", 1)[0]
        for column in shelf.table.c:
            if column.name not in {"ordinal", "checksum"}:
                row = re.search(rf"^\| `{column.name}` \|.*\| (.*) \|$", section, re.MULTILINE)
                assert row is not None, f"{shelf.name}.{column.name}"
                assert row.group(1).strip(), f"{shelf.name}.{column.name} has no meaning"


def test_every_rule_file_is_documented(reference: ModuleType) -> None:
    """Each file under ``rules/`` has its row."""
    page = (DOCS / "rules.md").read_text(encoding="utf-8")
    files = reference.rule_files()
    assert len(files) > 5
    for name, _ in files:
        assert f"| `{name}` |" in page


def test_the_readme_names_every_command(reference: ModuleType) -> None:
    """The README's table of commands leaves none out and invents none."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `witnessmark ([a-z ]+?)(?= [A-Z.\[-]|`)", readme, re.MULTILINE))
    real = {
        name.removeprefix("witnessmark ")
        for name, command in reference.commands()
        if name != "witnessmark" and not getattr(command, "commands", None)
    }
    assert named == real


def test_every_decision_record_is_in_the_index() -> None:
    """A record that nobody can find is no record."""
    index = (DOCS / "adr/index.md").read_text(encoding="utf-8")
    records = sorted((DOCS / "adr").glob("[0-9]*.md"))
    assert len(records) >= 8
    for record in records:
        assert record.stem in index
        text = record.read_text(encoding="utf-8")
        for part in ("Status:", "## Why", "## What follows"):
            assert part in text, f"{record.name}: {part}"


def test_every_link_inside_the_repository_leads_somewhere() -> None:
    """A relative link in a page for people points to a file that is there."""
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    broken: list[str] = []
    for page in pages:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" in target or target.startswith("mailto:"):
                continue
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert len(pages) > 10
    assert broken == []
