"""A case handed over: packed, checked by a stranger, and a case again."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import bagit  # type: ignore[import-untyped]  # the library ships no types
import pytest
from tests.unit.store.conftest import CHEAP, PASSPHRASE, clock

from witnessmark.core.errors import EvidenceFault, InputError, StorageFault, WitnessmarkError
from witnessmark.core.judgement import Decision, Judgement
from witnessmark.core.provenance import INTERNAL_HANDLING
from witnessmark.stages import capture
from witnessmark.store.bag import export_bag
from witnessmark.store.bag_check import read_bag
from witnessmark.store.bag_import import Imported, import_bag
from witnessmark.store.case import open_case
from witnessmark.store.checkpoint import (
    FORMER_KEYS,
    PUBLIC,
    SEED,
    checkpoint_of,
    differences,
    key_for,
    leaves_of,
    parse_checkpoint,
)
from witnessmark.store.seal import resolve_key
from witnessmark.store.tables import CLAIMS, CUSTODY, JUDGEMENTS, METADATA, SOURCES, STAMPS
from witnessmark.store.timestamp_row import Stamp
from witnessmark.store.verify import verify_case, verify_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.store.conftest import Made


def _judge(made: Made) -> None:
    case = made.open()
    claim = case.casebook.rows(CLAIMS)[0]
    row = Judgement(1, claim.id, Decision.ACCEPT, "A. Reader", clock(), "heard the tape")
    case.casebook.append(JUDGEMENTS, [row])
    case.close()


@pytest.fixture
def bag(filled: Made, tmp_path: Path) -> Path:
    """The bag of a case with three sources, a claim and a judgement."""
    _judge(filled)
    case = filled.open()
    out = export_bag(case, tmp_path / "bag")
    case.close()
    return out


def _key_of(*, sealed: bool) -> Callable[[Path], bytes | None]:
    return lambda folder: resolve_key(
        folder, PASSPHRASE if sealed else None, plain=not sealed, create=True, cost=CHEAP
    )


def _import(bag: Path, target: Path, *, sealed: bool) -> Imported:
    return import_bag(read_bag(bag), target, _key_of(sealed=sealed))


def _key(path: Path, *, sealed: bool) -> bytes | None:
    return resolve_key(path, PASSPHRASE if sealed else None)


def _bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _sum_again(bag: Path) -> None:
    """Make every manifest right again, as someone who alters a bag on purpose would."""
    for prefix, payload in (("manifest", True), ("tagmanifest", False)):
        for name in ("sha256", "sha512"):
            places = sorted(
                place
                for place in _bytes_of(bag)
                if place.startswith("data/") is payload and not place.startswith("tagmanifest")
            )
            lines = [
                f"{hashlib.new(name, (bag / place).read_bytes()).hexdigest()}  {place}\n"
                for place in places
            ]
            (bag / f"{prefix}-{name}.txt").write_text("".join(lines))
        info = bag / "bag-info.txt"
        sizes = [path.stat().st_size for path in (bag / "data").rglob("*") if path.is_file()]
        oxum = f"Payload-Oxum: {sum(sizes)}.{len(sizes)}"
        info.write_text(re.sub(r"Payload-Oxum: .*", oxum, info.read_text()))


def _refused(bag: Path, where: str, target: Path, *, sealed: bool) -> WitnessmarkError:
    """The bag is refused, *where* is named, and nothing stands at or beside *target*."""
    beside = set(target.parent.iterdir())
    with pytest.raises(WitnessmarkError) as caught:
        _import(bag, target, sealed=sealed)
    assert where in caught.value.where, str(caught.value)
    assert caught.value.to_do
    assert set(target.parent.iterdir()) == beside
    return caught.value


def test_a_validator_that_is_not_ours_accepts_the_bag(bag: Path) -> None:
    """BagIt 1.0 with SHA-256 and SHA-512, complete and valid by bagit-py."""
    other = bagit.Bag(str(bag))
    assert other.validate()
    assert sorted(other.algorithms) == ["sha256", "sha512"]
    assert other.version_info == (1, 0)
    (bag / "data/originals/s1-1.txt").write_bytes(b"other words")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(bag)).validate()


def test_the_sums_can_be_checked_with_the_tools_of_any_system(bag: Path) -> None:
    """The command that the bag's first page gives works as it stands there."""
    page = (bag / "README.txt").read_text()
    commands = re.findall(r"^    (sha\d+sum .*)$", page, re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        done = subprocess.run(command.split(), cwd=bag, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr


def test_a_bag_says_that_it_is_readable_and_for_whom(filled: Made, bag: Path) -> None:
    """Whoever opens it reads the handling first, and whether a sealed case was unsealed."""
    page = (bag / "README.txt").read_text()
    info = (bag / "bag-info.txt").read_text()
    assert page.startswith(INTERNAL_HANDLING)
    assert f"Handling: {INTERNAL_HANDLING}\n" in info
    sealed = filled.key is not None
    assert ("sealed; this bag is not" in page) is sealed
    assert ("readable all the same" in info) is sealed


def test_a_bag_becomes_a_case_with_the_same_digest(filled: Made, bag: Path, tmp_path: Path) -> None:
    """Rows, judgements, log and head are those that were packed; the case verifies."""
    sealed = filled.key is not None
    done = _import(bag, tmp_path / "again", sealed=sealed)
    first, again = filled.open(), open_case(done.path, _key(done.path, sealed=sealed))
    assert again.sealed is sealed
    assert again.casebook.digest() == first.casebook.digest() == done.digest
    assert again.custody.lines() == first.custody.lines() != ()
    assert again.custody.stated_head() == first.custody.stated_head()
    assert again.casebook.rows(CUSTODY) == first.casebook.rows(CUSTODY)
    assert again.casebook.rows(JUDGEMENTS)[0].why == "heard the tape"
    for source in again.casebook.rows(SOURCES):
        assert again.original(source) == (filled.inputs / source.name).read_bytes()
    assert verify_case(again).faults == ()
    first.close()
    again.close()
    assert not (tmp_path / "again.importing").exists()


def test_an_imported_case_can_be_worked_on(filled: Made, bag: Path, tmp_path: Path) -> None:
    """The log goes on after its last leaf, and what was held is known as held."""
    sealed = filled.key is not None
    done = _import(bag, tmp_path / "again", sealed=sealed)
    key = _key(done.path, sealed=sealed)
    (filled.inputs / "4.txt").write_text("Report 4\n\nA fourth source says: quotas.\n")
    case = open_case(done.path, key)
    result = capture.run(case, [filled.inputs], clock=clock)
    assert [source.id for source in result.sources] == ["s4"]
    assert len(result.duplicates) == 3
    case.close()
    assert verify_path(done.path, key).faults == ()


def test_the_same_case_gives_the_same_bag(filled: Made, bag: Path, tmp_path: Path) -> None:
    """No clock, no folder name and no random name of the vault stands in a bag."""
    sealed = filled.key is not None
    case = filled.open()
    second = export_bag(case, tmp_path / "second")
    names = {entry.name for entry in case.catalogue.objects()}
    case.close()
    assert _bytes_of(second) == _bytes_of(bag)
    assert not any(
        name.encode() in content for name in names for content in _bytes_of(bag).values()
    )
    # and that of the imported case, but for the name of the case
    done = _import(bag, tmp_path / "other" / "case", sealed=sealed)
    again = open_case(done.path, _key(done.path, sealed=sealed))
    third = export_bag(again, tmp_path / "third")
    again.close()
    assert _bytes_of(third) == _bytes_of(bag)


def test_packing_changes_nothing_in_the_case(filled: Made, tmp_path: Path) -> None:
    """Digest, log and vault are the same before and after."""
    case = filled.open()
    before = (case.casebook.digest(), case.custody.lines(), case.vault.names())
    export_bag(case, tmp_path / "bag")
    assert (case.casebook.digest(), case.custody.lines(), case.vault.names()) == before
    case.close()


def test_no_key_goes_along(filled: Made, bag: Path) -> None:
    """The case key, wrapped or not, and the header's slots stay behind."""
    everything = b"".join(_bytes_of(bag).values())
    header = json.loads((filled.path / "case.json").read_text())
    for slot in header["slots"]:
        assert slot["wrapped"].encode() not in everything
    if filled.key is not None:
        assert filled.key not in everything
        assert filled.key.hex().encode() not in everything


def test_a_bag_is_not_made_inside_the_case_or_over_something(filled: Made, tmp_path: Path) -> None:
    """Nothing is overwritten, and an unsealed copy never lies in a sealed folder."""
    case = filled.open()
    full = tmp_path / "full"
    full.mkdir()
    (full / "thesis.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(filled.path / "tmp")
    (tmp_path / "half.part").mkdir()
    for out in (
        filled.path,
        filled.path / "bag",
        full,
        tmp_path / "file",
        tmp_path / "link",
        tmp_path / "half",
    ):
        with pytest.raises(InputError):
            export_bag(case, out)
    assert (full / "thesis.txt").read_text() == "mine"
    assert not (filled.path / "bag").exists()
    (tmp_path / "empty").mkdir()
    export_bag(case, tmp_path / "empty")
    case.close()


def test_a_case_that_does_not_verify_is_not_handed_over(filled: Made, tmp_path: Path) -> None:
    """What is hurt is named, and no bag is left."""
    log = filled.path / "custody/log"
    log.write_text(log.read_text().replace("0", "1", 1))
    case = filled.open()
    with pytest.raises(EvidenceFault, match="does not verify"):
        export_bag(case, tmp_path / "bag")
    case.close()
    assert not (tmp_path / "bag").exists()
    assert not (tmp_path / "bag.part").exists()


def test_every_altered_file_of_a_bag_is_named(filled: Made, bag: Path, tmp_path: Path) -> None:
    """One bit of any file, payload or tag, and the import is refused with that file."""
    sealed = filled.key is not None
    for place in sorted(_bytes_of(bag)):
        path = bag / place
        content = path.read_bytes()
        if not content:
            continue
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        with pytest.raises(WitnessmarkError) as caught:
            read_bag(bag)
        # a tag manifest vouches for others: its fault shows at the file that it speaks of
        if not place.startswith("tagmanifest"):
            assert place in str(caught.value), place
        path.write_bytes(content)
    assert _import(bag, tmp_path / "again", sealed=sealed).sources == 3


@pytest.mark.parametrize(
    "attack",
    [
        "remove payload",
        "remove tag manifest",
        "remove manifest",
        "add payload",
        "add hidden",
        "add tag file",
        "link file",
        "link folder",
        "link up",
        "pipe",
    ],
)
def test_a_bag_with_files_too_few_or_too_many_is_refused(
    filled: Made, bag: Path, tmp_path: Path, attack: str
) -> None:
    """Whatever is not listed, not there, or no file: the place is named, nothing is made."""
    original = bag / "data/originals/s1-1.txt"
    outside = tmp_path / "outside.txt"
    shutil.copy(original, outside)
    match attack:
        case "remove payload":
            original.unlink()
            where = "data/originals/s1-1.txt"
        case "remove tag manifest":
            (bag / "tagmanifest-sha512.txt").unlink()
            where = "tagmanifest-sha512.txt"
        case "remove manifest":
            (bag / "manifest-sha256.txt").unlink()
            where = "manifest-sha256.txt"
        case "add payload":
            (bag / "data/originals/s9-more.txt").write_text("more")
            where = "data/originals/s9-more.txt"
        case "add hidden":
            (bag / "data/.hidden").write_text("more")
            where = "data/.hidden"
        case "add tag file":
            (bag / "fetch.txt").write_text("http://example.org/x 3 data/x\n")
            where = "fetch.txt"
        case "link file":
            original.unlink()
            original.symlink_to(outside)
            where = "data/originals/s1-1.txt"
        case "link folder":
            shutil.move(bag / "data/originals", tmp_path / "originals")
            (bag / "data/originals").symlink_to(tmp_path / "originals")
            where = "data/originals"
        case "link up":
            (bag / "data/up").symlink_to("..")
            where = "data/up"
        case _:
            os.mkfifo(bag / "data/pipe")
            where = "data/pipe"
    error = _refused(bag, where, tmp_path / "again", sealed=filled.key is not None)
    assert isinstance(error, EvidenceFault)


@pytest.mark.parametrize(
    "path",
    [
        "data/../../outside.txt",
        "/etc/passwd",
        "data/./originals/s1-1.txt",
        "data//x",
        "data\\x",
        "../data/x",
        "data/x%0Ay",
        "bagit.txt",
        "data",
    ],
)
def test_a_manifest_cannot_name_a_path_outside(
    filled: Made, bag: Path, tmp_path: Path, path: str
) -> None:
    """A way up, an absolute path or an escape in a manifest is refused with its line."""
    for name, length in (("sha256", 64), ("sha512", 128)):
        file = bag / f"manifest-{name}.txt"
        file.write_text(f"{'0' * length}  {path}\n{file.read_text()}")
    sealed = filled.key is not None
    _refused(bag, "manifest-sha256.txt, line 1", tmp_path / "again", sealed=sealed)


def _edit_rows(bag: Path, table: str, change: Callable[[dict[str, object]], object]) -> None:
    path = bag / f"data/tables/{table}.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    for row in rows:
        change(row)
    lines = [
        json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for row in rows
    ]
    path.write_text("".join(f"{line}\n" for line in lines))
    _sum_again(bag)


@pytest.mark.parametrize(
    ("table", "field", "value", "where"),
    [
        ("extract_claims", "quote", "hats", "extract_claims"),
        ("extract_claims", "status", "accepted", "data/case.json"),
        ("extract_claims", "status", "true beyond doubt", "data/tables/extract_claims"),
        ("extract_claims", "start", "12", "data/tables/extract_claims"),
        ("extract_claims", "more", 1, "data/tables/extract_claims"),
        ("judge_judgements", "by", "Somebody Else", "data/case.json"),
        ("capture_sources", "vault_object", "../../../etc/passwd", "../../../etc/passwd"),
        ("capture_sources", "vault_object", "data/custody/log", "data/originals"),
        ("capture_sources", "sha256", "0" * 64, "s1"),
        ("capture_custody", "commitment", "0" * 64, "data/custody/log"),
        ("capture_custody", "nonce", "0" * 64, "leaf 0"),
        ("capture_custody", "nonce", "zz", "leaf 0"),
    ],
)
def test_rows_that_were_altered_with_right_sums_are_refused(
    filled: Made,
    bag: Path,
    tmp_path: Path,
    table: str,
    field: str,
    value: object,
    where: str,
) -> None:
    """Who rewrites rows and every manifest still meets quotes, log, head and digest."""
    _edit_rows(bag, table, lambda row: row.update({field: value}))
    assert bagit.Bag(str(bag)).validate()
    _refused(bag, where, tmp_path / "again", sealed=filled.key is not None)


def test_text_that_is_no_json_is_refused(filled: Made, bag: Path, tmp_path: Path) -> None:
    """Hostile rows (too deep, not a number, cut off, not UTF-8) are refused with their line."""
    table = bag / "data/tables/extract_claims.jsonl"
    good = table.read_bytes()
    sealed = filled.key is not None
    for bad in (b"[" * 100_000, b"NaN\n", good[:-1], b"\xff\n", b"{}\n", b"\n", good + good):
        table.write_bytes(bad)
        _sum_again(bag)
        _refused(bag, "extract_claims", tmp_path / "again", sealed=sealed)


def test_a_bag_with_other_tables_is_refused_by_name(
    filled: Made, bag: Path, tmp_path: Path
) -> None:
    """A bag of another version is told apart from a damaged one."""
    facts = bag / "data/case.json"
    content = json.loads(facts.read_text())
    content["tables"]["extract_claims"].append("mood")
    content["witnessmark"] = "9.9"
    facts.write_text(
        json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
    )
    _sum_again(bag)
    error = _refused(bag, str(bag), tmp_path / "again", sealed=filled.key is not None)
    assert isinstance(error, InputError)
    assert "extract_claims" in error.what
    assert "9.9" in error.what


def test_what_was_sealed_does_not_become_plain(filled: Made, bag: Path, tmp_path: Path) -> None:
    """``--plain`` on the bag of a sealed case is refused; a plain case may become sealed."""
    if filled.key is not None:
        error = _refused(bag, str(bag), tmp_path / "again", sealed=False)
        assert isinstance(error, InputError)
    else:
        done = _import(bag, tmp_path / "again", sealed=True)
        assert done.sealed
        words = b"".join(_bytes_of(done.path).values())
        assert b"wigs are made" not in words


def test_an_import_overwrites_nothing(filled: Made, bag: Path, tmp_path: Path) -> None:
    """A case, a folder with files, a link and the bag itself are no place for a new case."""
    sealed = filled.key is not None
    before = _bytes_of(filled.path)
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "taken.importing").mkdir()
    (tmp_path / "taken.importing/thesis.txt").write_text("mine")
    for target in (filled.path, bag / "case", bag, tmp_path / "link", tmp_path / "taken"):
        with pytest.raises(InputError):
            _import(bag, target, sealed=sealed)
    assert (tmp_path / "taken.importing/thesis.txt").read_text() == "mine"
    assert _bytes_of(filled.path) == before
    assert bagit.Bag(str(bag)).validate()


IMPORT = """
import sys
from pathlib import Path
from witnessmark.store.bag_check import read_bag
from witnessmark.store.bag_import import import_bag
from witnessmark.store.checkpoint import PUBLIC, SEED, checkpoint_of
from witnessmark.store.seal import Cost, resolve_key

bag, target, passphrase = sys.argv[1:]

class Heard:
    def step(self, what, done, total):
        print(done, flush=True)

def key_of(folder):
    print("key", flush=True)
    return resolve_key(folder, passphrase or None, plain=not passphrase, create=True,
                       cost=Cost(8192, 1, 1))

import_bag(read_bag(Path(bag)), Path(target), key_of, progress=Heard())
"""


def test_a_killed_import_leaves_no_half_case(filled: Made, bag: Path, tmp_path: Path) -> None:
    """Kill -9 at any step: there is the whole case or none, and the next import works."""
    sealed = filled.key is not None
    target = tmp_path / "again"
    killed = 0
    for pause in range(12):
        process = subprocess.Popen(
            [sys.executable, "-c", IMPORT, str(bag), str(target), PASSPHRASE if sealed else ""],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        process.stdout.readline()
        for _ in range(pause * 2):
            process.stdout.readline()
        time.sleep(0.003 * pause)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        process.stdout.close()
        if target.exists():
            assert verify_path(target, _key(target, sealed=sealed)).faults == ()
            shutil.rmtree(target)
    assert killed > 2
    done = _import(bag, target, sealed=sealed)
    assert verify_path(target, _key(target, sealed=sealed)).faults == ()
    assert done.sources == 3
    assert not (tmp_path / "again.importing").exists()


def test_two_imports_to_one_place_do_not_meet(filled: Made, bag: Path, tmp_path: Path) -> None:
    """The second is turned away by the name of the first, which goes on unharmed."""
    sealed = filled.key is not None
    target = tmp_path / "again"
    seen: list[str] = []

    def meanwhile(folder: Path) -> bytes | None:
        process = subprocess.run(
            [sys.executable, "-c", IMPORT, str(bag), str(target), PASSPHRASE if sealed else ""],
            capture_output=True,
            text=True,
            check=False,
        )
        seen.append(process.stderr)
        assert process.returncode != 0
        return _key_of(sealed=sealed)(folder)

    import_bag(read_bag(bag), target, meanwhile)
    assert "importing a bag" in seen[0]
    assert verify_path(target, _key(target, sealed=sealed)).faults == ()


def test_a_full_disk_leaves_no_half_bag(
    filled: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says so, the case is as it was, and no readable rest lies about."""
    case = filled.open()
    real = os.fsync
    calls: list[int] = []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 9:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr("witnessmark.store.bag.os.fsync", full)
    with pytest.raises(StorageFault, match="No space left"):
        export_bag(case, tmp_path / "bag")
    monkeypatch.undo()
    assert not (tmp_path / "bag").exists()
    assert not (tmp_path / "bag.part").exists()
    assert verify_case(case).faults == ()
    case.close()


def test_a_case_that_nobody_can_write_is_handed_over(
    filled: Made, bag: Path, tmp_path: Path
) -> None:
    """From a disc or an archive: nothing is written beside it, and the bag is the same."""
    filled.open().close()
    places = [filled.path, *filled.path.rglob("*")]
    modes = {path: path.stat().st_mode for path in places}
    for path in reversed(places):
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        before = _bytes_of(filled.path)
        case = open_case(filled.path, filled.key)
        export_bag(case, tmp_path / "second")
        case.close()
        assert _bytes_of(filled.path).keys() == before.keys()
    finally:
        for path in places:
            path.chmod(modes[path])
    assert _bytes_of(tmp_path / "second") == _bytes_of(bag)


def test_an_empty_case_can_be_handed_over(made: Made, tmp_path: Path) -> None:
    """No source, no leaf: still a bag, still the same digest."""
    case = made.open()
    digest = case.casebook.digest()
    export_bag(case, tmp_path / "bag")
    case.close()
    assert bagit.Bag(str(tmp_path / "bag")).validate()
    done = _import(tmp_path / "bag", tmp_path / "again", sealed=made.key is not None)
    assert (done.digest, done.sources, done.log) == (digest, 0, "")
    assert verify_path(done.path, _key(done.path, sealed=made.key is not None)).faults == ()


def test_hostile_names_never_become_paths(made: Made, tmp_path: Path) -> None:
    """A name in any script, long or made to escape: plain in the bag, whole in the row."""
    names = [
        "한국어 보고.txt",
        "a" * 110 + ".txt",
        "%0a..%2f.txt",
        "CON.txt",
        "-rf.txt",
        "x y  z.txt",
    ]
    for number, name in enumerate(names):
        (made.inputs / name).write_text(f"Report {number}: wigs are made in place {number}.\n")
    case = made.open()
    capture.run(case, [made.inputs], clock=clock)
    kept = [source.name for source in case.casebook.rows(SOURCES)]
    digest = case.casebook.digest()
    export_bag(case, tmp_path / "bag")
    case.close()
    for place in _bytes_of(tmp_path / "bag"):
        assert re.fullmatch(r"[A-Za-z0-9._/-]{1,200}", place), place
    done = _import(tmp_path / "bag", tmp_path / "again", sealed=made.key is not None)
    assert done.digest == digest
    again = open_case(done.path, _key(done.path, sealed=made.key is not None))
    assert [source.name for source in again.casebook.rows(SOURCES)] == kept
    again.close()


def test_every_table_goes_along(bag: Path) -> None:
    """A new table cannot be forgotten: all but the store's own bookkeeping has its file."""
    names = {path.stem for path in (bag / "data/tables").iterdir()}
    assert names == {
        name for name in METADATA.tables if name not in {"store_objects", "store_facts"}
    }


def test_the_signing_key_stays_and_its_public_half_goes_along(filled: Made, tmp_path: Path) -> None:
    """The new keeper cannot sign in the old one's name; whose log it was is known."""
    case = filled.open()
    _, note = checkpoint_of(case)
    seed, public = case.catalogue.fact(SEED), case.catalogue.fact(PUBLIC)
    case.casebook.append(STAMPS, [Stamp(1, 3, note, "cmVxdWVzdA==", "")])
    export_bag(case, tmp_path / "bag")
    case.close()
    everything = b"".join(_bytes_of(tmp_path / "bag").values())
    assert seed.encode() not in everything
    assert bytes.fromhex(seed) not in everything
    sealed = filled.key is not None
    done = _import(tmp_path / "bag", tmp_path / "again", sealed=sealed)
    again = open_case(done.path, _key(done.path, sealed=sealed))
    assert again.catalogue.fact(FORMER_KEYS) == public
    assert again.catalogue.fact(SEED) == ""
    assert [stamp.note for stamp in again.casebook.rows(STAMPS)] == [note]
    leaves = leaves_of(again)
    former = key_for(again, note.encode(), leaves)
    assert former is not None
    assert former.public.hex() == public
    assert differences(note.encode(), former, leaves) == (len(leaves), ())
    _, other = checkpoint_of(again)
    spoken = parse_checkpoint(note.rsplit("\n\n", 1)[0] + "\n").spoken().encode()
    assert differences(spoken, key_for(again, spoken, leaves), leaves) == (len(leaves), ())
    assert differences(other.encode(), key_for(again, other.encode(), leaves), leaves) == (
        len(leaves),
        (),
    )
    assert other != note
    assert other.splitlines()[1:3] == note.splitlines()[1:3]
    export_bag(again, tmp_path / "second")
    facts = json.loads((tmp_path / "second/data/case.json").read_text())
    assert facts["signed_by"] == [public, again.catalogue.fact(PUBLIC)]
    again.close()
