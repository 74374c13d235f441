"""What a page shows of testimony: a code, the scope of consent, a coarse place; no name.

Laws:
1. Sources without consent to internal use are not read; they are not in the page at all.
2. A testimony's source bears its code. Its file name, the interviewer, the interpreter and
   every protected name are masked wherever they would stand, in other sources too.
3. Masks are as long as what they cover, so every offset still holds.
4. No digest of a testimony is printed: with it, who holds a roster could test each name.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from witnessmark.core.provenance import Audience
from witnessmark.store.protected import protected_names, withheld
from witnessmark.store.tables import TESTIMONIES

if TYPE_CHECKING:
    from witnessmark.core.source import Source
    from witnessmark.core.testimony import Testimony
    from witnessmark.stages.write.material import Material
    from witnessmark.store.case import Case

NO_DIGEST = "kept in the case: a digest would let anyone test a guess"


def readable(case: Case, sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """Return the sources that an internal page may rest on."""
    closed = withheld(case.casebook, Audience.INTERNAL)
    return tuple(row for row in sources if row.id not in closed)


def veiled(case: Case, material: Material) -> Material:
    """Return *material* without a name that a testimony of *case* protects."""
    testimonies = {row.id: row for row in case.casebook.rows(TESTIMONIES)}
    if not testimonies:
        return material
    names = protected_names(case.casebook)
    spoken = {row.id: testimonies[row.testimony] for row in material.sources if row.testimony}
    ids = {
        row.id: f"{row.source}-text-{number}"
        for number, row in enumerate(material.renditions, start=1)
        if row.source in spoken
    }

    def covered(row: Any) -> Any:  # noqa: ANN401 - any row of the material
        masked = names.masked_row(row)
        rendition = getattr(masked, "rendition", "")
        return replace(masked, rendition=ids[rendition]) if rendition in ids else masked

    rows: dict[str, Any] = {
        field.name: tuple(covered(row) for row in value)
        for field in fields(material)
        if isinstance(value := getattr(material, field.name), tuple)
    }
    rows["sources"] = tuple(
        as_exhibited(row, spoken[row.id]) if row.id in spoken else row for row in rows["sources"]
    )
    rows["renditions"] = tuple(
        replace(row, id=ids.get(row.id, row.id)) for row in rows["renditions"]
    )
    return replace(
        material,
        **rows,
        texts={ids.get(key, key): names.masked(text) for key, text in material.texts.items()},
        pictures={key: shown for key, shown in material.pictures.items() if key not in spoken},
    )


def as_exhibited(source: Source, testimony: Testimony) -> Source:
    """Return the source of a testimony as its exhibits name it."""
    said = f"testimony {testimony.code}"
    scope = f"consent: {testimony.scope}; speaks of {testimony.where}; {testimony.date}"
    return replace(
        source,
        name=said,
        title=f"{said} ({scope})",
        outlet="",
        published="",
        url="",
        sha256=NO_DIGEST,
    )
