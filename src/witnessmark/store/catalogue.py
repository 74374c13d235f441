"""The catalogue of the vault: rows of the casebook that say what each object is.

Laws:
1. An object counts only with its row; the row is written in the transaction that accepts it.
2. Equal content is found by a keyed hash, so the catalogue's key is needed to test a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from witnessmark.store.tables import FACTS, OBJECTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from witnessmark.store.casebook import Casebook


@dataclass(frozen=True, slots=True)
class ObjectRow:
    """One object of the vault.

    Attributes:
        name: random name.
        keyed_hash: HMAC-SHA256 of the content's SHA-256 under the catalogue's key, hex.
        wrapped_key: hex of the object's key, wrapped by the case key; empty if plain.
        size: bytes of the content.
    """

    name: str
    keyed_hash: str
    wrapped_key: str
    size: int


class Catalogue:
    """The objects and facts of one casebook."""

    def __init__(self, casebook: Casebook) -> None:
        """Speak for *casebook*."""
        self._casebook = casebook

    def by_content(self, keyed_hash: str) -> ObjectRow | None:
        """Return the object with that content."""
        return self._one(OBJECTS.c.keyed_hash == keyed_hash)

    def by_name(self, name: str) -> ObjectRow | None:
        """Return the object *name*."""
        return self._one(OBJECTS.c.name == name)

    def objects(self) -> tuple[ObjectRow, ...]:
        """Return every object, by name."""
        with self._casebook.reading() as connection:
            found = connection.execute(select(OBJECTS).order_by(OBJECTS.c.name))
            return tuple(ObjectRow(*row) for row in found)

    def add(self, row: ObjectRow) -> None:
        """Write *row*, in the open transaction."""
        with self._casebook.writing() as connection:
            connection.execute(
                insert(OBJECTS),
                [
                    {
                        "name": row.name,
                        "keyed_hash": row.keyed_hash,
                        "wrapped_key": row.wrapped_key,
                        "size": row.size,
                    }
                ],
            )

    def remove(self, names: Iterable[str]) -> None:
        """Destroy the rows of the objects *names*, their wrapped keys with them."""
        with self._casebook.writing() as connection:
            for name in names:
                connection.execute(OBJECTS.delete().where(OBJECTS.c.name == name))

    def fact(self, name: str) -> str:
        """Return the fact *name*, empty if it was never stated."""
        with self._casebook.reading() as connection:
            query = select(FACTS.c.value).where(FACTS.c.name == name)
            return connection.execute(query).scalar_one_or_none() or ""

    def state(self, name: str, value: str) -> None:
        """Put *value* in place of the fact *name*."""
        with self._casebook.writing() as connection:
            connection.execute(FACTS.delete().where(FACTS.c.name == name))
            connection.execute(insert(FACTS), [{"name": name, "value": value}])

    def _one(self, condition: object) -> ObjectRow | None:
        with self._casebook.reading() as connection:
            row = connection.execute(select(OBJECTS).where(condition)).one_or_none()  # type: ignore[arg-type]
        return None if row is None else ObjectRow(*row)
