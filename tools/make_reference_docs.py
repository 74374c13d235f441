"""Write the reference pages from the program itself: commands, tables, rules.

Laws:
1. What can be asked of the program is not typed by hand: it is read from the program.
2. The pages are committed; a test fails when they are not what this script writes.
3. The same tree gives the same bytes: no width of a terminal, no colour, no time.

    .venv/bin/python tools/make_reference_docs.py
"""

from __future__ import annotations

import enum
import typing
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
import yaml
from typer.core import TyperGroup

from witnessmark.doors.cli.app import app
from witnessmark.store.tables import CHECKSUM, ORDINAL, SHELVES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable


DOCS = Path(__file__).resolve().parent.parent / "docs"
GENERATED = "<!-- Written by tools/make_reference_docs.py from the program. Do not edit. -->\n\n"


def _cell(text: str) -> str:
    """Return *text* as one cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'|'.join(' --- ' for _ in head)}|"]
    lines += [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n\n"


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command of the command line with its full name, groups included."""
    yield from _walk("witnessmark", typer.main.get_command(app))


def _walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  (as below)
    yield name, command
    if isinstance(command, TyperGroup):
        for part, child in sorted(command.commands.items()):
            if not child.hidden:
                yield from _walk(f"{name} {part}", child)


def names_of(parameter: Any) -> str:  # noqa: ANN401  (typer's parameter classes share no public base)
    """Return how *parameter* is written in a call: ``--open / --no-open``, ``CASE``."""
    if parameter.param_type_name == "argument":
        name = parameter.metavar or (parameter.name or "").upper()
        return f"{name}…" if parameter.nargs == -1 else name
    sides = [parameter.opts, parameter.secondary_opts]
    return " / ".join(", ".join(side) for side in sides if side)


KINDS = {Path: "path", int: "number", float: "number", str: "text"}
"""How the type of a value is called in the page."""


def _value(parameter: Any) -> str:  # noqa: ANN401  (as above)
    annotation = parameter.type_descriptor.annotation
    kind = next(iter(typing.get_args(annotation)), annotation)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return ", ".join(str(choice.value) for choice in kind)
    if getattr(parameter, "is_flag", False):
        return ""
    return parameter.metavar or KINDS.get(kind, "")


def _default(parameter: Any) -> str:  # noqa: ANN401  (as above)
    value: object = getattr(parameter.default, "value", parameter.default)
    if parameter.required:
        return "required"
    if not isinstance(value, str | int | float | Path) or isinstance(value, bool):
        return ""
    return str(value)


def _parameters(command: Any) -> list[tuple[str, ...]]:  # noqa: ANN401  (as above)
    rows: list[tuple[str, ...]] = []
    for parameter in command.params:
        if getattr(parameter, "hidden", False):
            continue
        meaning = str(getattr(parameter, "help", None) or "")
        if getattr(parameter, "multiple", False):
            meaning += " (may be given again)"
        rows.append((f"`{names_of(parameter)}`", _value(parameter), _default(parameter), meaning))
    return rows


def commands_page() -> str:
    """Return ``docs/commands.md``."""
    page = (
        "# Commands\n\n" + GENERATED + "Every command and option. `--help` works everywhere. "
        "Exit codes: 0 done; 1 the check or the work found a fault; 2 the call or the input is "
        "wrong. Errors go to standard error as `error: WHAT (WHERE): what to do`.\n\n"
    )
    for name, command in commands():
        page += f"## `{name}`\n\n{' '.join((command.help or '').split())}\n\n"
        rows = _parameters(command)
        if rows:
            page += _table(("option or argument", "value", "if left out", "meaning"), rows)
        if command.epilog:
            page += " ".join(command.epilog.split()) + "\n\n"
    return page.rstrip("\n") + "\n"


def _attributes(row: type) -> dict[str, str]:
    """Return what the docstring of a core type says of each field."""
    meaning: dict[str, str] = {}
    name = ""
    inside = False
    for line in (row.__doc__ or "").splitlines():
        text = line.strip()
        if text == "Attributes:":
            inside = True
        elif inside and text:
            head, colon, rest = text.partition(":")
            if colon and head.isidentifier() and line.startswith(" " * 8 + head):
                name = head
                meaning[name] = rest.strip()
            elif name:
                meaning[name] += f" {text}"
    return meaning


def _type_name(kind: object) -> str:
    if isinstance(kind, type) and not typing.get_args(kind):
        return kind.__name__
    return str(kind).replace("typing.", "").replace("witnessmark.core.", "")


def tables_page() -> str:
    """Return ``docs/tables.md``."""
    page = (
        "# Tables of a casebook\n\n"
        + GENERATED
        + "The stages meet in these tables and nowhere else. A stage writes its own tables only. "
        f"Every table also has `{ORDINAL}`, the order in which its rows were written, and "
        f"`{CHECKSUM}`, by which `verify` sees a changed row. Columns "
        "marked *not in the digest* hold run times, keys and object names.\n\n"
    )
    for shelf in SHELVES:
        page += f"## `{shelf.name}`\n\nWritten by `{shelf.stage}`. "
        page += f"{' '.join((shelf.row.__doc__ or '').split(chr(10) * 2)[0].split())}\n\n"
        meaning = _attributes(shelf.row)
        hints = typing.get_type_hints(shelf.row)
        rows: list[tuple[str, ...]] = []
        for column in shelf.table.c:
            if column.name not in hints:
                continue
            said = meaning.get(column.name, "")
            if column.name == shelf.key:
                said = f"{said} *Key.*"
            if column.name in shelf.volatile:
                said = f"{said} *Not in the digest.*"
            rows.append((f"`{column.name}`", f"`{_type_name(hints[column.name])}`", said))
        page += _table(("column", "type", "meaning"), rows)
    return page.rstrip("\n") + "\n"


def rule_files(folder: Traversable | None = None, prefix: str = "") -> list[tuple[str, bytes]]:
    """Return name and bytes of every file under ``rules/`` but the READMEs, by name."""
    found: list[tuple[str, bytes]] = []
    for entry in (folder or files("witnessmark").joinpath("rules")).iterdir():
        name = f"{prefix}{entry.name}"
        if entry.is_dir():
            found += rule_files(entry, f"{name}/")
        elif not entry.name.endswith((".md", ".py", ".pyc")):
            found.append((name, entry.read_bytes()))
    return sorted(found)


def rules_page() -> str:
    """Return ``docs/rules.md``."""
    page = (
        "# Rule files\n\n"
        + GENERATED
        + "What linguists, lawyers and area experts edit: data, no program. Codes: S a stored page "
        "with its address; K from memory, not checked against a text; D derived from other facts. "
        "Where rows differ, each row carries its own code. `witnessmark` names the version of "
        "every rule file in what it writes.\n\n"
    )
    rows: list[tuple[str, ...]] = []
    for name, data in rule_files():
        head: dict[str, Any] = {}
        if name.endswith(".yaml"):
            head = yaml.load(data, Loader=yaml.CSafeLoader)
        rows.append(
            (
                f"`{name}`",
                f"`{head['schema']}`" if head else "data beside a YAML header",
                str(head.get("version", "")),
                str(head.get("code", "")),
                str(head.get("provenance", "")),
            )
        )
    return page + _table(("file", "schema", "version", "code", "provenance"), rows).rstrip() + "\n"


PAGES = {"commands.md": commands_page, "tables.md": tables_page, "rules.md": rules_page}
"""The generated pages and what writes them."""


if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
        print(f"wrote docs/{name}")
