"""What a trace gives out: rows for other programs, with digest, counts and gaps.

Laws:
1. The digest covers the result rows and nothing else: the same on every engine.
2. The bytes of the files are a function of the input, the options and the build.
3. Every file says what the shipment file says of its own standing.
4. A share is never an all-clear; ``trace.json`` says so.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from witnessmark.core.provenance import INTERNAL_HANDLING, INVENTED
from witnessmark.store.trade import Arrow, write_table, write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from witnessmark.core.route import Gap
    from witnessmark.stages.trace.question import Answer, Question, TraceOptions
    from witnessmark.stages.trace.seeds import SeedChoice
    from witnessmark.store.trade import Shipments

SCHEMA = "witnessmark/trace/1"

NOTES = (
    'A share is never an all-clear: the laws say "wholly or in part".',
    "A share counts recorded inbound goods only; goods from unrecorded suppliers are not in it.",
    "share_high is the one-scan relaxation U(e) = min(q, SUM U): it may count one lot twice.",
    "Unrecorded input is not the seed's for share_high, and mixed alike for share.",
    "So a share may lie above share_high.",
    "share_low is 0 unless the records were vouched for as complete.",
)
"""What a reader of the figures must know."""


@dataclass(frozen=True, slots=True, eq=False)
class TraceResult:
    """A finished trace over one shipment file.

    Attributes:
        shipments: the file.
        options: what was asked.
        question: what the engine was asked.
        answer: what it answered.
        without_hubs: the answer with hubs blocked, None where no hubs were given.
        roles: role of each hub, by company code.
        seeds: whose shipments were followed, and why.
        engine: engine and version.
        gaps: what the rows themselves show to be missing.
    """

    shipments: Shipments
    options: TraceOptions
    question: Question
    answer: Answer
    without_hubs: Answer | None
    roles: dict[int, str]
    seeds: SeedChoice
    engine: str
    gaps: tuple[Gap, ...]

    def name(self, code: int) -> str:
        """Return the id or name of the company *code*."""
        return str(self.shipments.companies[code].as_py())

    def parameters(self) -> dict[str, object]:
        """Return everything that decides the result, by name."""
        options = self.options
        return {
            "seeds": [self.name(int(code)) for code in self.seeds.codes],
            "seed_choice": self.seeds.why,
            "products": [f"{heading:04}" for heading in sorted(self.question.headings)],
            "from": options.start.isoformat() if options.start else None,
            "to": options.end.isoformat() if options.end else None,
            "tiers": options.tiers,
            "window_days": options.window_days,
            "backward": options.backward,
            "transitions": self.question.relation.name,
            "hubs": [self.name(code) for code in sorted(self.roles)],
            "records_complete": options.records_complete,
        }

    def shares(self) -> tuple[Arrow, Arrow, Arrow]:
        """Return share, lower and upper bound per company; null where there is none."""
        answer = self.answer
        size = len(answer.company)
        if not self.question.shares:
            empty = pa.nulls(size, pa.float64())
            return empty, empty, empty
        none = answer.total_grams == 0
        total = np.where(none, 1, answer.total_grams).astype(np.float64)
        share, low, high = (
            pa.array(grams.astype(np.float64) / total, mask=none)
            for grams in (answer.seed_grams, answer.low_grams, answer.high_grams)
        )
        return share, low, high

    def shipments_table(self) -> Arrow:
        """Return the reached shipments, by id."""
        answer, ids = self.answer, self.shipments.id
        return pa.table(
            {
                "shipment_id": ids[answer.row],
                "tier": answer.tier,
                "predecessor_id": pa.array(
                    ids[np.maximum(answer.before, 0)], mask=answer.before < 0
                ),
                "seed_grams": pa.array(np.maximum(answer.grams, 0), mask=answer.grams < 0),
            }
        )

    def companies_table(self) -> Arrow:
        """Return the reached companies, by id; with hubs, also what is reached without them."""
        answer = self.answer
        share, low, high = self.shares()
        weighed = np.full(len(answer.company), self.question.shares)
        columns: dict[str, Arrow] = {
            "company_id": self.shipments.companies.take(pa.array(answer.company)),
            "tier": answer.company_tier,
            "first_arrival": pa.array(self.first_arrival()).cast(pa.date32()),
            "seed_grams": pa.array(answer.seed_grams, mask=~weighed),
            "total_grams": answer.total_grams,
            "share": share,
            "share_low": low,
            "share_high": high,
        }
        if self.without_hubs is not None:
            columns |= self._beside_hubs(self.without_hubs)
        return pa.table(columns)

    def first_arrival(self) -> NDArray[np.int32]:
        """Return the day each company was first reached; backward, the last day it shipped."""
        return -self.answer.first if self.options.backward else self.answer.first

    def _beside_hubs(self, without: Answer) -> dict[str, Arrow]:
        codes = self.answer.company
        roles = [self.roles.get(int(code)) for code in codes]
        place = {int(code): number for number, code in enumerate(without.company)}
        rows = [place.get(int(code)) for code in codes]
        tiers = [None if row is None else int(without.company_tier[row]) for row in rows]
        grams = [None if row is None else int(without.seed_grams[row]) for row in rows]
        return {
            "role": pa.array(roles, pa.string()),
            "tier_without_hubs": pa.array(tiers, pa.int32()),
            "seed_grams_without_hubs": pa.array(grams, pa.int64()),
        }

    def digest(self) -> str:
        """Return SHA-256 over the columns of both tables, nulls told apart from zeros.

        Per column: its name, a NUL, one byte of validity per row, then the values as
        little-endian 64-bit numbers (binary64 for shares, 0 for null) or as UTF-8 text, each
        ended by a NUL.
        """
        state = hashlib.sha256()
        for table in (self.shipments_table(), self.companies_table()):
            for name in table.column_names:
                column = table[name].combine_chunks()
                state.update(name.encode() + b"\0")
                valid = column.is_valid().to_numpy(zero_copy_only=False)
                state.update(valid.astype(np.uint8).tobytes())
                state.update(_column_bytes(column))
        return state.hexdigest()

    def counts(self) -> dict[str, object]:
        """Return how many rows were read, reached, and short of what."""
        answer, shipments = self.answer, self.shipments
        grams, high = answer.seed_grams, answer.high_grams
        counts: dict[str, object] = {
            "shipments": len(shipments),
            "companies": len(shipments.companies),
            "shipments_reached": len(answer.row),
            "shipments_reached_by_tier": [
                int(np.count_nonzero(answer.tier == tier))
                for tier in range(1, self.options.tiers + 1)
            ],
            "companies_reached": len(answer.company),
            "companies_at_last_tier": int(
                np.count_nonzero(answer.company_tier == self.options.tiers)
            ),
            "companies_with_share_above_high": int(np.count_nonzero(grams > high))
            if self.question.shares
            else None,
            "arrival_assumed": int(np.count_nonzero(shipments.assumed)),
            "quantity_unknown": int(np.count_nonzero(shipments.grams < 0)),
            "consignee_withheld": int(np.count_nonzero(shipments.consignee < 0)),
            "shipper_withheld": int(np.count_nonzero(shipments.shipper < 0)),
        }
        if self.without_hubs is not None:
            counts["without_hubs"] = {
                "shipments_reached": len(self.without_hubs.row),
                "companies_reached": len(self.without_hubs.company),
            }
        return counts

    def write(self, out: Path) -> tuple[Path, ...]:
        """Write both tables and ``trace.json`` into the folder *out*.

        Raises:
            StorageFault: the disk is full or the folder cannot be written.
        """
        standing = self.shipments.standing
        tables = {
            "shipments_reached.parquet": self.shipments_table(),
            "companies_reached.parquet": self.companies_table(),
        }
        files = {
            name: {"rows": len(table), "sha256": write_table(out / name, table, standing=standing)}
            for name, table in tables.items()
        }
        report = {
            "schema": SCHEMA,
            "handling": INTERNAL_HANDLING,
            "standing": standing,
            **({"marked": INVENTED} if standing == "invented" else {}),
            "file": {"name": self.shipments.name, "sha256": self.shipments.sha256},
            "parameters": self.parameters(),
            "versions": {
                "witnessmark": version("witnessmark"),
                "engine": self.engine,
                "numpy": np.__version__,
                "pyarrow": pa.__version__,
                "duckdb": version("duckdb"),
            },
            "counts": self.counts(),
            "gaps": [asdict(gap) for gap in self.gaps],
            "digest": self.digest(),
            "files": files,
            "notes": list(NOTES),
        }
        text = json.dumps(report, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        write_whole(out / "trace.json", text.encode())
        return tuple(out / name for name in (*tables, "trace.json"))


def write_result(result: TraceResult, out: Path) -> tuple[Path, ...]:
    """Write *result* into the folder *out*; see :meth:`TraceResult.write`."""
    return result.write(out)


def _column_bytes(column: Arrow) -> bytes:
    if pa.types.is_string(column.type):
        return b"".join((value or "").encode() + b"\0" for value in column.to_pylist())
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    kind = "<f8" if pa.types.is_floating(column.type) else "<i8"
    values = column.fill_null(0).to_numpy(zero_copy_only=False)
    data: bytes = np.ascontiguousarray(values.astype(kind)).tobytes()
    return data
