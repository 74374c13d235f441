"""The Spark engine, for trade tables that outgrow a machine (the extra ``spark``).

Laws:
1. Every table is written as Parquet before it is used again: lineage stays short, and a
   lost executor repeats one step, not the whole trace.
2. The session is local unless Spark's own configuration names a master; it opens no UI
   and listens on the loopback only.
3. Without pyspark or Java the error names the extra; nothing falls back in silence.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from witnessmark.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from numpy.typing import NDArray

Spark: TypeAlias = Any
"""A session or a data frame; pyspark is an extra that type checkers do not see."""

SHUFFLE_PARTITIONS = 8
"""Parts of a local join; a cluster's own configuration wins."""


class SparkEngine:
    """A Spark session; see :class:`witnessmark.store.trade.SqlEngine`."""

    has_asof = False

    def __init__(self, session: Spark, folder: Path) -> None:
        """Wrap an open session that keeps its tables in *folder*; use :func:`open_spark`."""
        self._session = session
        self._folder = folder
        self._made = 0

    @property
    def version(self) -> str:
        """Return the engine's name and version."""
        return f"spark {self._session.version}"

    def give(self, name: str, columns: Mapping[str, NDArray[Any]]) -> None:
        """Copy *columns* into the table *name*."""
        path = self._next(name)
        path.mkdir()
        table = pa.table({key: pa.array(values) for key, values in columns.items()})
        pq.write_table(table, path / "part-0.parquet")
        self._read(name, path)

    def make(self, name: str, query: str, values: Mapping[str, int] | None = None) -> None:
        """Keep the answer of *query* as the table *name*."""
        path = self._next(name)
        self._ask(query, values).write.parquet(str(path))
        self._read(name, path)

    def view(self, name: str, query: str) -> None:
        """Call *query* by the name *name*."""
        self._ask(query, None).createOrReplaceTempView(name)

    def number(self, query: str, values: Mapping[str, int] | None = None) -> int:
        """Return the one whole number that *query* answers with; 0 where it is null."""
        answer = self._ask(query, values).collect()[0][0]
        return 0 if answer is None else int(answer)

    def columns(self, query: str) -> dict[str, NDArray[Any]]:
        """Return the answer of *query* as arrays; it must hold no nulls."""
        answer = self._ask(query, None).toArrow()
        return {name: answer[name].to_numpy() for name in answer.column_names}

    def _next(self, name: str) -> Path:
        self._made += 1
        return self._folder / f"{self._made:04}-{name}"

    def _read(self, name: str, path: Path) -> None:
        self._session.read.parquet(str(path)).createOrReplaceTempView(name)

    def _ask(self, query: str, values: Mapping[str, int] | None) -> Spark:
        markers = re.sub(r"\$(\w+)", r":\1", query)
        return self._session.sql(markers, args=dict(values) if values else None)


@contextmanager
def open_spark(temporary: Path | None = None) -> Generator[SparkEngine]:
    """Lend a Spark engine whose tables lie under *temporary* until the end.

    Args:
        temporary: folder for the tables (on a cluster: one that every node sees).

    Raises:
        InputError: pyspark or Java is not there.
    """
    remedy = 'pip install "witnessmark[spark]", and Java 17 or later'
    try:
        pyspark: Any = import_module("pyspark")
        sql: Any = import_module("pyspark.sql")
    except ImportError as error:
        raise InputError(
            "the Spark engine is not installed", where="--engine spark", to_do=remedy
        ) from error
    folder = Path(tempfile.mkdtemp(prefix="trace-spark-", dir=temporary))
    try:
        settings = pyspark.SparkConf()
        if not settings.contains("spark.master"):
            settings.setMaster("local[*]")
            settings.set("spark.driver.bindAddress", "127.0.0.1")
            settings.set("spark.driver.host", "127.0.0.1")
            settings.set("spark.sql.shuffle.partitions", str(SHUFFLE_PARTITIONS))
        settings.set("spark.ui.enabled", "false")
        settings.set("spark.sql.warehouse.dir", str(folder / "warehouse"))
        settings.set("spark.local.dir", str(folder / "spill"))
        settings.set("spark.log.level", "ERROR")
        try:
            session = sql.SparkSession.builder.appName("trace").config(conf=settings).getOrCreate()
        except Exception as error:
            raise InputError(
                "Spark does not start: Java is missing or refuses",
                where="--engine spark",
                to_do=remedy,
            ) from error
        try:
            yield SparkEngine(session, folder)
        finally:
            session.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
