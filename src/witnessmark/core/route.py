"""Routes of goods: hops with their records, and the hops that are missing.

Laws:
1. No hop without its record: each hop cites one shipment.
2. The missing hop is named, with what would fill it.
3. A share is never an all-clear: the laws say "wholly or in part".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hop:
    """One shipment on a route.

    Attributes:
        shipment_id: the row.
        record: ``source_id`` of the row, else the file's name.
        shipped: ship day, ISO 8601.
        arrived: arrival day, ISO 8601.
        arrival_assumed: whether the arrival is the lane model's, not the record's.
        shipper: name or id of the sender.
        consignee: name or id of the receiver, empty where withheld.
        heading: four-digit HS heading.
        grams: quantity, or None where unknown.
        seed_grams: the part of it that can come from the seed by the trace's rule.
        origin: country of origin as recorded, else empty.
        destination: country of destination as recorded, else empty.
        tier: number of hops from the seed, 1 for a seed shipment.
    """

    shipment_id: int
    record: str
    shipped: str
    arrived: str
    arrival_assumed: bool
    shipper: str
    consignee: str
    heading: str
    grams: int | None
    seed_grams: int | None
    origin: str
    destination: str
    tier: int


@dataclass(frozen=True, slots=True)
class Route:
    """A chain of hops from a seed to where it is last seen.

    Attributes:
        id: ``r`` and ten hex digits.
        seed: the seed it starts from.
        hops: in order, seed shipment first.
        end: ``reached`` | ``lost_sight_of`` (consignee withheld).
    """

    id: str
    seed: str
    hops: tuple[Hop, ...]
    end: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A hop that is missing, by name.

    Attributes:
        id: ``x`` and ten hex digits.
        kind: ``no_file`` | ``site_to_shipper`` | ``consignee_withheld`` | ``dead_end`` |
            ``quantity_unknown`` | ``arrival_assumed`` | ``to_market`` | ``no_seed``.
        before: who holds the goods before the gap.
        after: who would hold them after, ``unknown`` where nobody is named.
        what: the gap in words.
        settles: the record that would fill it.
        count: rows concerned, 0 where the gap is not about rows.
    """

    id: str
    kind: str
    before: str
    after: str
    what: str
    settles: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class CompanyReached:
    """A company that goods from the seed can have reached.

    Attributes:
        id: company id or name, as in the file.
        tier: least number of hops.
        first_arrival: ISO 8601.
        seed_grams: grams that can come from the seed, by the share rule.
        total_grams: all its inbound grams of the headings in scope.
        share: ``seed_grams / total_grams``, None where the total is 0.
        share_low: lower bound (0 unless the records are complete).
        share_high: one-scan relaxation, named as such.
    """

    id: str
    tier: int
    first_arrival: str
    seed_grams: int
    total_grams: int
    share: float | None
    share_low: float | None
    share_high: float | None


@dataclass(frozen=True, slots=True)
class TraceRun:
    """One run of the trace: what was asked, and what came out.

    Attributes:
        id: ``t`` and ten hex digits.
        file: name of the shipment file, empty where none was given.
        file_sha256: its digest, empty where none was given.
        standing: ``evidence`` | ``invented``: what the file says of itself.
        engine: engine and version.
        seeds: what was followed.
        seed_choice: why these seeds (``named``; ``all shippers of 6704 from KP``).
        parameters: name=value, in order.
        shipments_reached: rows reached.
        companies_reached: companies reached.
        digest: digest of the result rows.
    """

    id: str
    file: str
    file_sha256: str
    standing: str
    engine: str
    seeds: tuple[str, ...]
    seed_choice: str
    parameters: tuple[str, ...]
    shipments_reached: int
    companies_reached: int
    digest: str
