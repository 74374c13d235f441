"""``witnessmark doctor``: what is here, what is missing, and what works without it."""

from __future__ import annotations

import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import typer

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:/Windows/Fonts")
OCR_LANGUAGES = ("eng", "kor", "chi_sim")
TESSDATA_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command("doctor")(doctor)


def doctor() -> int:
    """Say what is missing on this machine and what works without it."""
    lines = [*_packages(), _ocr_data(), _fonts(), _java(), _browser()]
    for found, what, without in lines:
        typer.echo(f"{'ok     ' if found else 'missing'}  {what}")
        if not found:
            typer.echo(f"         {without}")
    typer.echo("Text, HTML, PDF with a text layer, DOCX and e-mail need none of the above.")
    typer.echo(
        "Nothing is contacted unless you ask: fetch and stamp only with --send, a language model "
        "on this machine only with extract --llm, on another only with --send-text-to HOST."
    )
    return 0


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _packages() -> list[tuple[bool, str, str]]:
    sealed = _installed("sqlcipher3")
    ocr = _installed("tesserocr")
    spark = _installed("pyspark")
    return [
        (bool(sealed), f"sealed cases (sqlcipher3 {sealed})", "only --plain cases can be made"),
        (
            bool(ocr),
            f"reading of images and scans (tesserocr {ocr})".replace(" )", ")"),
            "images and scanned pages are kept, not read: install the extra witnessmark[ocr]",
        ),
        (
            bool(spark),
            f"trade tables on Spark (pyspark {spark})".replace(" )", ")"),
            'native and duckdb engines work: pip install "witnessmark[spark]" for Spark',
        ),
    ]


def _ocr_data() -> tuple[bool, str, str]:
    there = {
        path.stem
        for folder in TESSDATA_FOLDERS
        if Path(folder).is_dir()
        for path in Path(folder).glob("*.traineddata")
    }
    missing = [language for language in OCR_LANGUAGES if language not in there]
    return (
        not missing,
        f"OCR data ({', '.join(OCR_LANGUAGES)})",
        f"no data for {', '.join(missing)}: install tesseract-ocr-"
        + " tesseract-ocr-".join(name.replace("_", "-") for name in missing),
    )


def _fonts() -> tuple[bool, str, str]:
    found = any(
        next(Path(folder).rglob("*CJK*"), None) is not None
        for folder in FONT_FOLDERS
        if Path(folder).is_dir()
    )
    return (
        found,
        "a font with Korean and Chinese signs (for looking at the dossier)",
        "the dossier is made all the same; your browser needs a font such as fonts-noto-cjk",
    )


def _java() -> tuple[bool, str, str]:
    return (
        shutil.which("java") is not None,
        "Java 17 or later (for the Spark engine only)",
        "native and duckdb engines work without it",
    )


def _browser() -> tuple[bool, str, str]:
    names = ("xdg-open", "open", "chromium", "google-chrome", "firefox")
    return (
        any(shutil.which(name) for name in names),
        "a program that opens the dossier",
        "copy the dossier to a machine with any browser; it is one file",
    )
