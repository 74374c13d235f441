"""Compare the engines on one file: same rows, how long, how much memory.

    python bench/trace/generate.py 1000000 /tmp/s.parquet
    python bench/trace/compare.py /tmp/s.parquet [--product 5201,5203] [--peer-python PYTHON]

Each engine runs in a process of its own, so that peak memory is its own. The peers
(Polars: reach only; NetworkX: reach without dates or products, an upper bound) run where
they are installed (``--peer-python``) and are named as absent elsewhere.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ENGINES = ("native", "duckdb", "spark", "polars", "networkx")
PEERS = ("polars", "networkx")
PACKAGES = {"spark": "pyspark"}
SEEDS = 10
START, TIERS, WINDOW = date(2021, 1, 1), 4, 365


def seeds_of(path: Path, headings: list[str]) -> list[str]:
    """Return ten shippers of *headings*, the 11th to 20th by number of shipments."""
    table = pq.read_table(path, columns=["shipper_id", "hs6"])
    ours = table.filter(pc.is_in(pc.utf8_slice_codeunits(table["hs6"], 0, 4), pa.array(headings)))
    counts = pc.value_counts(ours["shipper_id"]).to_pylist()
    ranked = sorted(counts, key=lambda row: (-row["counts"], row["values"]))
    return [row["values"] for row in ranked[SEEDS : 2 * SEEDS]]


def ours(path: Path, headings: list[str], engine: str, repeat: int) -> dict[str, Any]:
    """Return time and outcome of one of our engines, opening the file told apart."""
    from witnessmark.stages.trace.follow import trace
    from witnessmark.stages.trace.question import TraceOptions
    from witnessmark.stages.trace.seeds import CompanyNames, named_seeds
    from witnessmark.store.trade import open_shipments

    options = TraceOptions(
        seeds=tuple(seeds_of(path, headings)),
        products=tuple(headings),
        start=START,
        tiers=TIERS,
        window_days=WINDOW,
        transitions=path.with_suffix(".transitions.csv"),
        engine=engine,
    )
    begun = time.perf_counter()
    shipments = open_shipments(path)
    opened = time.perf_counter() - begun
    seeds = named_seeds(CompanyNames(shipments), options.seeds)
    times = []
    for _ in range(repeat):
        begun, cpu = time.perf_counter(), time.process_time()
        result = trace(shipments, seeds, options)
        times.append((time.perf_counter() - begun, time.process_time() - cpu))
    return {
        "open_s": round(opened, 2),
        "wall_s": round(min(wall for wall, _ in times), 3),
        "cpu_s": round(min(cpu for _, cpu in times), 3),
        "shipments": len(result.answer.row),
        "companies": len(result.answer.company),
        "digest": result.digest()[:12],
    }


def polars(path: Path, headings: list[str], repeat: int) -> dict[str, Any]:
    """Return time and outcome of the same reach (no shares) by Polars' as-of joins."""
    import polars as pl

    steps = pl.read_csv(path.with_suffix(".transitions.csv"), infer_schema_length=0)
    table = pl.read_parquet(path).select(
        "shipment_id",
        pl.col("date").alias("t"),
        pl.col("arrival_date").alias("a"),
        pl.col("shipper_id").alias("s"),
        pl.col("consignee_id").alias("d"),
        pl.col("hs6").str.slice(0, 4).alias("h"),
    )
    same = table.select(pl.col("h").unique().alias("from_heading")).with_columns(
        pl.col("from_heading").alias("to_heading")
    )
    steps = pl.concat([steps, same]).unique()
    seeds = seeds_of(path, headings)
    times = []
    for _ in range(repeat):
        begun, cpu = time.perf_counter(), time.process_time()
        rows = table.filter(pl.col("t") >= START)
        last = rows.filter(pl.col("s").is_in(seeds) & pl.col("h").is_in(headings))
        reached = last.select("shipment_id")
        for _level in range(1, TIERS):
            frontier = (
                last.filter(pl.col("d").is_not_null())
                .join(steps, left_on="h", right_on="from_heading")
                .select(s="d", h="to_heading", t="a", fa="a")
                .unique()
                .sort("t")
            )
            last = (
                rows.join(frontier.select("s", "h").unique(), on=["s", "h"], how="semi")
                .join(reached, on="shipment_id", how="anti")
                .sort("t")
                .join_asof(frontier, on="t", by=["s", "h"], check_sortedness=False)
                .filter((pl.col("t") - pl.col("fa")).dt.total_days() <= WINDOW)
                .drop("fa")
            )
            reached = pl.concat([reached, last.select("shipment_id")])
        times.append((time.perf_counter() - begun, time.process_time() - cpu))
    return {
        "wall_s": round(min(wall for wall, _ in times), 3),
        "cpu_s": round(min(cpu for _, cpu in times), 3),
        "shipments": len(reached),
        "note": "reach only, no shares, no bounds",
    }


def networkx(path: Path, headings: list[str], repeat: int) -> dict[str, Any]:
    """Return time and outcome of a static graph search: neither dates nor products."""
    import networkx as nx

    table = pq.read_table(path, columns=["shipper_id", "consignee_id"]).drop_null()
    pairs = table.group_by(["shipper_id", "consignee_id"]).aggregate([])
    begun = time.perf_counter()
    graph = nx.DiGraph(zip(*(pairs[name].to_pylist() for name in pairs.column_names), strict=True))
    built = time.perf_counter() - begun
    times = []
    for _ in range(repeat):
        begun = time.perf_counter()
        layers = nx.bfs_layers(graph, [seed for seed in seeds_of(path, headings) if seed in graph])
        found = {name for _, layer in zip(range(TIERS + 1), layers, strict=False) for name in layer}
        times.append(time.perf_counter() - begun)
    return {
        "wall_s": round(min(times) + built, 3),
        "companies": len(found),
        "note": "static graph: no dates, no products, no shares; an upper bound of the reach",
    }


def one(path: Path, headings: list[str], engine: str, repeat: int) -> dict[str, Any]:
    """Run one engine in this process."""
    if engine not in {"native", "duckdb"} and find_spec(PACKAGES.get(engine, engine)) is None:
        return {"engine": engine, "absent": "not installed here"}
    if engine in {"native", "duckdb", "spark"}:
        told = ours(path, headings, engine, repeat)
    else:
        told = {"polars": polars, "networkx": networkx}[engine](path, headings, repeat)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"engine": engine, **told, "peak_mb": round(peak)}


def main() -> None:
    """Run every engine in a process of its own and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    parser.add_argument("--product", default="5201,5203,5205,5206")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--engine", choices=ENGINES)
    parser.add_argument("--peer-python", default=sys.executable, help="has polars, networkx")
    asked = parser.parse_args()
    headings = asked.product.split(",")
    if asked.engine:
        print(json.dumps(one(asked.file, headings, asked.engine, asked.repeat)))
        return
    told = {}
    for engine in ENGINES:
        answer = subprocess.run(
            [
                asked.peer_python if engine not in {"native", "duckdb"} else sys.executable,
                __file__,
                *sys.argv[1:],
                "--engine",
                engine,
            ],
            check=True,
            capture_output=True,
            text=True,
        )
        told[engine] = json.loads(answer.stdout)
        print(answer.stdout.strip())
    digests = {engine: answer["digest"] for engine, answer in told.items() if "digest" in answer}
    same = len(set(digests.values())) == 1
    print(f"same rows on {', '.join(digests)}: {same}")
    for engine in ("duckdb", "spark"):
        if "wall_s" in told[engine]:
            ratio = told[engine]["wall_s"] / told["native"]["wall_s"]
            print(f"{engine} / native: {ratio:.1f} (wall)")
    for peer in PEERS:
        if "wall_s" in told[peer]:
            ratio = told[peer]["wall_s"] / told["native"]["wall_s"]
            print(f"{peer} (less work, see its note) / native: {ratio:.1f} (wall)")
    if not same:
        sys.exit(1)


if __name__ == "__main__":
    main()
