"""The record of a testimony: what is taken in, and what is refused by name."""

from __future__ import annotations

import pytest
import yaml
from spoken import record

from witnessmark.core.errors import InputError
from witnessmark.core.provenance import Audience
from witnessmark.core.testimony import TEMPLATE, Role, parse_testimony


def _read(**changes: object) -> object:
    return parse_testimony(record(**changes), key="t1", where="record.yaml")


def test_a_whole_record_is_read() -> None:
    """Everything that the record says is in the testimony, under the given id."""
    found = parse_testimony(record(), key="t7", where="record.yaml")
    assert (found.id, found.code, found.date, found.where) == ("t7", "W-01", "2026-10", "KP")
    assert found.consent.purposes == (Audience.INTERNAL, Audience.FILING)
    assert found.consent.allows(Audience.FILING)
    assert not found.consent.allows(Audience.PUBLIC)
    assert [person.role for person in found.protected] == [Role.SOURCE, Role.DETAINEE]
    assert set(found.names()) == {"Hong Gil-dong", "홍길동", "Jang Bo-go", "Ada Exampleson"}


def test_the_template_is_a_record_but_for_what_only_a_person_knows() -> None:
    """Filled in at the two empty places, the template is taken in as it stands."""
    plain = yaml.safe_load(TEMPLATE)
    with pytest.raises(InputError, match="this is empty"):
        parse_testimony(plain, key="t1", where="x")
    plain["interviewer"] = "Ada Exampleson"
    with pytest.raises(InputError, match="has no name"):
        parse_testimony(plain, key="t1", where="x")
    plain["protected"][0]["names"] = ["Hong Gil-dong"]
    assert parse_testimony(plain, key="t1", where="x").consent.purposes == (Audience.INTERNAL,)


CONSENT = {"purposes": ["internal"], "how": "oral", "date": "2026"}


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"phone": "1"}, "record.yaml"),
        ({"schema": "other/1"}, "record.yaml"),
        ({"code": "Hong"}, "code"),
        ({"code": ""}, "code"),
        ({"date": "2026-10-03"}, "date"),
        ({"date": "in autumn"}, "date"),
        ({"language": "Korean language"}, "language"),
        ({"interviewer": ""}, "interviewer"),
        ({"consent": {"purposes": [], "how": "oral", "date": "2026"}}, "consent.purposes"),
        ({"consent": CONSENT | {"purposes": ["press"]}}, "consent.purposes"),
        ({"consent": CONSENT | {"how": "assumed"}}, "consent.how"),
        ({"consent": CONSENT | {"withdrawn_at": "2026-11"}}, "consent.withdrawn_at"),
        ({"consent": CONSENT | {"finer_place": "yes"}}, "consent.finer_place"),
        ({"place": {"country": "North Korea"}}, "place.country"),
        ({"place": {"country": "KP", "province": "39.8, 124.7"}}, "place.province"),
        ({"place": {"country": "KP", "province": "Unknown county"}}, "place.province"),
        ({"place": {"country": "KP", "province": "어느군"}}, "place.province"),
        ({"place": {"country": "KP", "lat": 1}}, "place"),
        ({"place": {"country": "KP", "detail": "a village"}}, "place.detail"),
        ({"protected": []}, "protected"),
        ({"protected": [{"role": "kin", "names": ["Hong Some-one"]}]}, "protected"),
        ({"protected": [{"role": "source", "names": ["H"]}]}, "protected 1.names"),
        ({"protected": [{"role": "boss", "names": ["Hong Some-one"]}]}, "protected 1.role"),
        ({"protected": [{"role": "source", "names": []}]}, "protected 1"),
        ({"protected": "Hong"}, "protected"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(changes: dict[str, object], where: str) -> None:
    """An unknown key, a day, a coordinate, a place finer than a province: named, never kept."""
    with pytest.raises(InputError) as refused:
        _read(**changes)
    assert refused.value.where.endswith(where)
    assert refused.value.to_do
    assert "Hong" not in str(refused.value) or where == "record.yaml"


def test_a_finer_place_needs_consent_and_never_is_a_coordinate() -> None:
    """What the speaker agreed to is kept; coordinates are refused even then."""
    agreed = CONSENT | {"finer_place": True}
    place = {"country": "KP", "detail": "a small town"}
    found = parse_testimony(record(consent=agreed, place=place), key="t1", where="x")
    assert found.place == "a small town"
    assert "small town" not in found.where
    with pytest.raises(InputError, match="coordinates"):
        _read(consent=agreed, place={"country": "KP", "detail": "39.81 N 124.74 E"})


@pytest.mark.parametrize("given", [None, [], "text", {1: 2}])
def test_something_else_is_no_record(given: object) -> None:
    """A list, a text, nothing: refused, not passed over."""
    with pytest.raises(InputError):
        parse_testimony(given, key="t1", where="x")
