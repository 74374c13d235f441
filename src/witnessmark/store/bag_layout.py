"""The layout of a hand-over bag (BagIt 1.0, RFC 8493): names, facts, tag files.

::

    bagit.txt  bag-info.txt  README.txt          tag files
    manifest-sha256.txt      manifest-sha512.txt
    tagmanifest-sha256.txt   tagmanifest-sha512.txt
    data/case.json           what the case was: digest, head of the log, its tables
    data/tables/NAME.jsonl   every row, canonical JSON, in its order
    data/originals/          the sources' bytes, under safe names
    data/renditions/         the frozen texts, named by their hash
    data/objects/            other objects of the vault, named by their hash
    data/custody/log         the custody log, as it stood

Laws:
1. A name in a bag is made here, of letters, digits, ``.``, ``_`` and ``-``: what a source
   is called stands in its row, never in a path.
2. A row names its object by its place in the bag, not by its name in the vault, so two
   cases of the same sources differ in log times, nonces and commitments only.
3. A bag says on its first page that it is readable and for whom it is.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from witnessmark.core.canonical import canonical_json
from witnessmark.core.provenance import INTERNAL_HANDLING
from witnessmark.store.tables import CONNECTIONS, RENDITIONS, SHELVES, SOURCES, STAMPS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from witnessmark.store.tables import Shelf

SCHEMA = "witnessmark/bag/1"
ALGORITHMS = ("sha256", "sha512")
OBJECT = "vault_object"
"""Field of a row that names an object of the vault."""

PACKED: tuple[Shelf[Any], ...] = (*SHELVES, STAMPS, CONNECTIONS)
"""The tables that go along: those of the stages, the time stamps of the log, the connections."""

DATA = "data/"
FACTS_PLACE = "data/case.json"
LOG_PLACE = "data/custody/log"
README_PLACE = "README.txt"
DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

SAFE_PLACE = re.compile(r"data(?:/[A-Za-z0-9_-][A-Za-z0-9._-]{0,149})+")
"""What a path of the payload may look like: no way up, no hidden file, no sign to escape."""

LONGEST_NAME = 100
"""Signs of a source's name that are kept in a file name."""

README = """{handling}

This is a case of Witnessmark, packed for hand-over as a BagIt 1.0 bag. Everything in it can be
read by anyone who has it, also if the case that it came from was sealed: originals, texts,
notes, and the nonces that open the commitments of the custody log. Keep it on an encrypted
disk, send it over an encrypted road only, and delete it when it has been imported.

Check that it is whole, without Witnessmark:
    sha256sum --check --quiet manifest-sha256.txt tagmanifest-sha256.txt
    sha512sum --check --quiet manifest-sha512.txt tagmanifest-sha512.txt
or with any BagIt validator. Sums show damage; they don't show who made the bag: whoever can
rewrite the bag can rewrite its sums. Compare the head of the log with one that you were told
on another road.

Make a case of it again:
    witnessmark import BAG --case DIR

digest of the case: {digest}
head of the custody log (leaves, RFC 6962 root): {head}
the case was {sort}
"""


@dataclass(frozen=True, slots=True)
class BagFacts:
    """What a bag says of the case that it holds.

    Attributes:
        schema: layout of the bag.
        handling: for whom it is.
        witnessmark: version that made it.
        name: name of the case.
        sealed: whether the case was sealed.
        digest: digest of its tables.
        log: ``LEAVES HEAD`` of its custody log, empty if that has no leaf.
        tables: fields of each table, by name.
        rows: number of rows of each table.
        objects: places of the objects that no row names.
        signed_by: public signing keys of the log, hex, those of former keepers first.
    """

    schema: str
    handling: str
    witnessmark: str
    name: str
    sealed: bool
    digest: str
    log: str
    tables: dict[str, list[str]]
    rows: dict[str, int]
    objects: list[str]
    signed_by: list[str]

    def to_json(self) -> str:
        """Return the file's content."""
        return canonical_json(dataclasses.asdict(self)) + "\n"


def table_place(shelf: Shelf[Any]) -> str:
    """Return where the rows of *shelf* stand."""
    return f"data/tables/{shelf.name}.jsonl"


def fields_of(shelf: Shelf[Any]) -> list[str]:
    """Return the names of the fields of a row of *shelf*."""
    return [field.name for field in dataclasses.fields(shelf.row)]


def object_place(shelf: Shelf[Any] | None, plain: Mapping[str, Any], digest: str) -> str:
    """Return where the object of the row *plain* stands; *digest* names one that is no text.

    Example:
        >>> object_place(SOURCES, {"id": "s1", "name": "../나 report.pdf"}, "")
        'data/originals/s1-report.pdf'
    """
    if shelf is SOURCES:
        return f"data/originals/{_safe(str(plain['id']))}-{_safe(str(plain['name']))}"
    if shelf is RENDITIONS:
        return f"data/renditions/{_safe(str(plain['id']))}.txt"
    return f"data/objects/{digest}"


def _safe(name: str) -> str:
    """Return *name* as a file name that every system takes."""
    kept = re.sub(r"[^A-Za-z0-9.-]+", "_", name).strip("._-")
    if len(kept) > LONGEST_NAME:
        stem, _, ending = kept.rpartition(".")
        ending = f".{ending}" if stem and len(ending) < 10 else ""  # noqa: PLR2004 - an ending
        kept = kept[: LONGEST_NAME - len(ending)].rstrip("._-") + ending
    return kept or "unnamed"


def readme(facts: BagFacts) -> str:
    """Return the page that a person opens first."""
    return README.format(
        handling=INTERNAL_HANDLING,
        digest=facts.digest,
        head=facts.log or "no leaf",
        sort="sealed; this bag is not" if facts.sealed else "plain",
    )


def bag_info(facts: BagFacts, *, octets: int, files: int) -> str:
    """Return ``bag-info.txt``: no date of bagging, so that the same case gives the same bag."""
    lines = (
        ("Bag-Software-Agent", f"witnessmark {facts.witnessmark}"),
        ("External-Description", "A case of Witnessmark, readable by anyone who has it"),
        ("Handling", facts.handling),
        ("Internal-Sender-Identifier", facts.digest),
        ("Payload-Oxum", f"{octets}.{files}"),
        ("Sealed-Case", "yes, and this bag is readable all the same" if facts.sealed else "no"),
    )
    return "".join(f"{name}: {value}\n" for name, value in lines)


def manifest(sums: Mapping[str, str]) -> str:
    """Return a manifest: a line per file, by name."""
    return "".join(f"{sums[place]}  {place}\n" for place in sorted(sums))
