"""The rule files: data that linguists, lawyers and area experts edit.

Laws:
1. Every YAML rule file begins with ``schema``, ``version``, ``provenance`` and ``code``.
2. A file that lacks one of them, or is not the schema asked for, is refused by name.
3. What was read is remembered, so that every output can name the versions it rests on.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.errors import InputError
from witnessmark.core.provenance import RuleFile

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

REQUIRED = ("schema", "version", "provenance", "code")


def rule_path(name: str) -> Traversable:
    """Return the rule file *name* (``extract/en/hours.yaml``) inside the package."""
    return files("witnessmark").joinpath("rules", *name.split("/"))


@cache
def rule_bytes(name: str) -> bytes:
    """Return the bytes of a rule file (YAML or other data).

    Raises:
        InputError: there is no such file in the package.
    """
    try:
        return rule_path(name).read_bytes()
    except OSError as error:
        raise InputError(
            "a rule file is missing", where=name, to_do="reinstall Witnessmark"
        ) from error


@cache
def load_rules(name: str, schema: str) -> dict[str, Any]:
    """Return the content of the YAML rule file *name*.

    Args:
        name: path below ``rules/``.
        schema: the schema the caller understands, with its version.

    Raises:
        InputError: missing file, missing header field, or another schema.
    """
    content = yaml.load(rule_bytes(name), Loader=yaml.CSafeLoader)
    if not isinstance(content, dict):
        raise InputError("a rule file is not a mapping", where=name, to_do="see rules/README.md")
    missing = [field for field in REQUIRED if field not in content]
    if missing:
        raise InputError(
            f"a rule file lacks {', '.join(missing)}", where=name, to_do="add the header fields"
        )
    if content["schema"] != schema:
        raise InputError(
            f"a rule file has schema {content['schema']}, not {schema}",
            where=name,
            to_do="use the rule file that came with this version",
        )
    return content


def rule_names(folder: str) -> tuple[str, ...]:
    """Return the names of the YAML files directly in ``rules/<folder>``, sorted."""
    names = [
        f"{folder}/{entry.name}"
        for entry in rule_path(folder).iterdir()
        if entry.name.endswith(".yaml")
    ]
    return tuple(sorted(names))


def _all_names(folder: Traversable, prefix: str) -> list[str]:
    found: list[str] = []
    for entry in folder.iterdir():
        name = f"{prefix}{entry.name}"
        if entry.is_dir():
            found += _all_names(entry, f"{name}/")
        elif entry.name.endswith(".yaml"):
            found.append(name)
    return found


@cache
def rule_versions() -> tuple[RuleFile, ...]:
    """Return name, schema, version and digest of every YAML rule file, by name."""
    versions: list[RuleFile] = []
    for name in sorted(_all_names(files("witnessmark").joinpath("rules"), "")):
        data = rule_bytes(name)
        head = yaml.load(data, Loader=yaml.CSafeLoader)
        versions.append(RuleFile(name, str(head["schema"]), str(head["version"]), sha256_hex(data)))
    return tuple(versions)
