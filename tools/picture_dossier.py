"""Take pictures of a dossier in Chromium: phone and desktop, light and dark, and its head.

Law: the page is opened from disk with the network off; a request for anything else is a fault.

    .venv/bin/python tools/picture_dossier.py out/demo/dossier/dossier.html out/pictures
    .venv/bin/python tools/picture_dossier.py out/demo/dossier/dossier.html --readme
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Request, sync_playwright

README_PICTURE = Path(__file__).resolve().parent.parent / "docs/images/dossier.png"
WIDTHS = (390, 1280)
SCHEMES = ("light", "dark")


def pictures(dossier: Path, out: Path, *, readme: bool) -> list[str]:
    """Take the pictures of *dossier* into *out*; return a line for each fault that was seen."""
    faults: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            faults.append(f"asks for {request.url}")

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for scheme in SCHEMES:
            for width in WIDTHS:
                page = browser.new_page(
                    viewport={"width": width, "height": 900},
                    color_scheme="dark" if scheme == "dark" else "light",
                )
                page.on("request", asked)
                page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
                page.goto(dossier.resolve().as_uri())
                over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                if over > 0:
                    faults.append(f"{width} px, {scheme}: {over} px wider than the window")
                if readme:
                    if (width, scheme) == (WIDTHS[-1], "light"):
                        README_PICTURE.parent.mkdir(parents=True, exist_ok=True)
                        page.screenshot(path=README_PICTURE)
                else:
                    out.mkdir(parents=True, exist_ok=True)
                    page.screenshot(path=out / f"head-{width}-{scheme}.png")
                    page.screenshot(path=out / f"full-{width}-{scheme}.png", full_page=True)
                page.close()
        browser.close()
    return faults


def main(arguments: list[str]) -> int:
    """Take the pictures; return 1 where something was wrong."""
    try:
        dossier, out = arguments
    except ValueError:
        print("error: give DOSSIER.html and a folder, or --readme", file=sys.stderr)
        return 2
    faults = pictures(Path(dossier), Path(out), readme=out == "--readme")
    for fault in faults:
        print(f"error: the dossier {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
