"""The house: what stands where, how long a room may be, what may not come in."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

import witnessmark
from witnessmark.flow import STAGES
from witnessmark.store.tables import SHELVES

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "src/witnessmark"
MODULES = sorted(SOURCE.rglob("*.py"))
RULE_FILES = sorted((SOURCE / "rules").rglob("*.yaml"))
LONGEST_MODULE = 400
SILENT_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}

OPENERS = {
    "sqlite3",
    "sqlalchemy",
    "sqlcipher3",
    "duckdb",
    "pyspark",
    "socket",
    "http",
    "urllib.request",
    "requests",
    "httpx",
    "ftplib",
    "smtplib",
    "asyncio",
}
"""Modules that open a database, an engine or a connection: for ``store`` only."""

OUTSIDE_CORE = {"os", "io", "tempfile", "shutil", "subprocess", "importlib.resources", "time"}
"""Modules that reach outside the program: none of them in ``core``."""


def _id(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _is_one_of(name: str, modules: set[str]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


@pytest.fixture(scope="module")
def kept_files() -> list[Path]:
    """Every file that git keeps or would keep."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this tree is not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout
    paths = (ROOT / name for name in listed.decode().split("\0") if name)
    return [path for path in paths if path.is_file()]


@pytest.mark.parametrize("path", MODULES, ids=_id)
def test_a_module_fits_in_one_reading(path: Path) -> None:
    """No module has more than 400 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


def test_no_file_is_a_drawer() -> None:
    """No module is called utils, helpers, common or misc."""
    places = [*MODULES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "tools").rglob("*.py")]
    assert len(places) > 40
    assert [_id(path) for path in places if path.stem.lstrip("_") in SILENT_NAMES] == []
    assert [_id(path) for path in places if path.parent.name in SILENT_NAMES] == []


@pytest.mark.parametrize("path", MODULES, ids=_id)
def test_the_program_checks_with_errors_not_with_asserts(path: Path) -> None:
    """``python -O`` removes no check: ``src`` has no assert statement."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)] == []


@pytest.mark.parametrize("path", MODULES, ids=_id)
def test_only_the_store_opens_databases_engines_and_connections(path: Path) -> None:
    """An engine or a socket elsewhere would be a way around the custody log."""
    if SOURCE / "store" in path.parents:
        return
    assert [name for name in _imports(path) if _is_one_of(name, OPENERS)] == []


@pytest.mark.parametrize("path", sorted((SOURCE / "core").glob("*.py")), ids=_id)
def test_the_core_does_no_input_or_output(path: Path) -> None:
    """The nouns can be used anywhere: they reach for no file, clock or process."""
    assert [name for name in _imports(path) if _is_one_of(name, OUTSIDE_CORE | OPENERS)] == []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert calls.isdisjoint({"open", "print", "input"})


@pytest.mark.parametrize("stage", STAGES)
def test_five_things_line_up_by_name(stage: str) -> None:
    """Folder, README, tests and concept page of a stage bear its name."""
    for place in (
        f"src/witnessmark/stages/{stage}/__init__.py",
        f"src/witnessmark/stages/{stage}/README.md",
        f"tests/unit/stages/{stage}",
        f"docs/concepts/{stage}.md",
    ):
        assert (ROOT / place).exists(), place


def test_every_table_begins_with_the_stage_that_writes_it() -> None:
    """A table nobody owns cannot be made; every stage but write keeps rows."""
    owners = {shelf.name.partition("_")[0] for shelf in SHELVES}
    assert owners == {*STAGES, "judge"} - {"write"}


def test_the_stages_stand_in_the_order_of_the_alphabet() -> None:
    """The alphabet is the flow."""
    assert list(STAGES) == sorted(STAGES)
    folders = {path.name for path in (SOURCE / "stages").iterdir() if path.is_dir()}
    assert folders - {"__pycache__"} == set(STAGES)


def test_there_are_rule_files() -> None:
    """The checks below see something."""
    assert len(RULE_FILES) > 5


@pytest.mark.parametrize("path", RULE_FILES, ids=_id)
def test_every_rule_file_has_its_header(path: Path) -> None:
    """Schema, version, provenance and code stand at the head of every rule file."""
    content = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    assert re.fullmatch(r"witnessmark/[a-z0-9_-]+/\d+", content["schema"])
    assert re.fullmatch(r"\d{4}\.\d{2}(\.\d+)?", str(content["version"]))
    assert len(str(content["provenance"]).split()) >= 3
    assert content["code"] in {"S", "K", "D"}


@pytest.mark.parametrize("path", RULE_FILES, ids=_id)
def test_a_row_of_a_rule_file_has_a_known_code(path: Path) -> None:
    """A row's own code is one of S, K, D: nothing is coded in a way no reader knows."""

    def codes(value: object) -> Iterator[object]:
        if isinstance(value, dict):
            for key, part in value.items():
                if key == "code":
                    yield part
                yield from codes(part)
        elif isinstance(value, list):
            for part in value:
                yield from codes(part)

    content = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    assert set(codes(content)) <= {"S", "K", "D"}


def test_rules_and_examples_hold_no_program() -> None:
    """``rules/`` and ``examples/`` are data: no Python in them."""
    for folder in ("rules", "examples"):
        assert list((SOURCE / folder).rglob("*.py")) == []


def test_no_machine_and_no_registry_is_named(kept_files: list[Path]) -> None:
    """Nothing in the tree depends on the machine it was written on; uv.lock names PyPI only."""
    words = ["/wor" + "k/", "/roo" + "t/", "/opt/" + "pypi", "." + "library/"]
    words += ["files.python" + "hosted.org", "pypi.org/" + "simple", "registry.npm" + "js"]
    words += ["deb.debian" + ".org"]
    found: list[str] = []
    for path in kept_files:
        if path.name == "uv.lock" or path.suffix in {".png", ".woff2", ".ttf", ".parquet"}:
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        found += [f"{_id(path)}: {word}" for word in words if word in text]
    assert found == []


def test_the_lock_holds_public_addresses_only() -> None:
    """A clone anywhere can install what the lock names."""
    hosts = set(re.findall(r"https?://([^/\"]+)", (ROOT / "uv.lock").read_text(encoding="utf-8")))
    assert hosts == {"pypi.org", "files.python" + "hosted.org"}


def test_uv_is_pinned_by_hash() -> None:
    """The first thing that make downloads is checked before it runs."""
    for name in ("uv-requirements.txt", "build-requirements.txt"):
        text = (ROOT / "tools" / name).read_text(encoding="utf-8")
        pin = r"^[a-z0-9-]+==\S+ \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+"
        pins = re.findall(pin, text, re.MULTILINE)
        assert pins
        assert "".join(pins) == text


def test_the_version_is_said_once_and_the_same() -> None:
    """What the program says of itself is what the package says."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert witnessmark.__version__ == project["version"]


def test_everything_the_program_needs_is_licensed_like_it() -> None:
    """None of the libraries that the design rules out has come in."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    names = {package["name"] for package in lock["package"]}
    banned = {"pymupdf", "korean-romanizer", "unidecode", "pymerkle", "ftmq", "nomenklatura"}
    banned |= {"torch", "mkdocs-material", "zh-core-web-sm", "ko-core-news-sm", "en-core-web-trf"}
    assert names & banned == set()
    assert "duckdb" in names


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    if not program.exists():
        pytest.skip("import-linter is not installed beside this Python")
    return subprocess.run(
        [program, "--no-cache", "--no-logo"],
        cwd=folder,
        env={"PYTHONPATH": str(folder / "src"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy_of_the_house(tmp_path: Path) -> Path:
    """A copy of the program's modules and settings that a test may spoil."""
    keep = shutil.ignore_patterns("__pycache__", "rules", "examples")
    shutil.copytree(SOURCE, tmp_path / "src/witnessmark", ignore=keep)
    shutil.copy(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def test_a_new_top_level_folder_fails_until_it_has_a_floor(copy_of_the_house: Path) -> None:
    """The layers are exhaustive: a room without a floor is refused by name."""
    before = _lint_imports(copy_of_the_house)
    assert before.returncode == 0, before.stdout
    attic = copy_of_the_house / "src/witnessmark/attic"
    attic.mkdir()
    (attic / "__init__.py").write_text('"""A room nobody planned."""\n')
    after = _lint_imports(copy_of_the_house)
    assert after.returncode != 0
    assert "attic" in after.stdout + after.stderr


def test_a_stage_that_imports_another_fails(copy_of_the_house: Path) -> None:
    """Stages meet in the store: weigh cannot reach into extract."""
    (copy_of_the_house / "src/witnessmark/stages/weigh/shortcut.py").write_text(
        '"""A way around."""\n\nfrom witnessmark.stages import extract\n\n__all__ = ["extract"]\n'
    )
    done = _lint_imports(copy_of_the_house)
    assert done.returncode != 0
    assert "witnessmark.stages.weigh.shortcut" in done.stdout


def test_an_import_that_points_up_fails(copy_of_the_house: Path) -> None:
    """Imports point down only: the core knows nothing of the store."""
    (copy_of_the_house / "src/witnessmark/core/upward.py").write_text(
        '"""Looking up."""\n\nfrom witnessmark.store import tables\n\n__all__ = ["tables"]\n'
    )
    done = _lint_imports(copy_of_the_house)
    assert done.returncode != 0
    assert "witnessmark.core.upward" in done.stdout
