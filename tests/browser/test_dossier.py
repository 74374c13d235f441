"""The dossier in Chromium: phone and desk, light and dark, keyboard, without JavaScript, on paper."""

# ruff: noqa: E501 - scripts run in the page

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from witnessmark.core.provenance import INTERNAL_HANDLING, Audience
from witnessmark.stages import write

if TYPE_CHECKING:
    from collections.abc import Iterator

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "stages" / "write"))
import seed_case  # type: ignore[import-not-found]  # the case made by hand

CHROMIUM = Path("/usr/bin/chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not at /usr/bin/chromium"),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> str:
    """A dossier of the first case with an invented shipment file."""
    folder = tmp_path_factory.mktemp("dossier")
    case = seed_case.make_case(folder / "case", seed_case.load_record(shared), shipments=True)
    out = folder / "out"
    written = write.run(case, out=out, audience=Audience.INTERNAL, as_of=date(2026, 11, 25))
    case.close()
    return written.dossier.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One headless Chromium for the module."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as play:
        started = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_runs_off_the_page(browser: Any, address: str, width: int, scheme: str) -> None:
    """At phone, tablet and desk width nothing overflows, nothing is fetched, nothing is logged."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on(
        "request", lambda request: heard.append(request.url) if request.url != address else None
    )
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    inner = "[...document.querySelectorAll('.scroll')].filter((e) => e.scrollWidth > e.clientWidth).length"
    assert page.evaluate(inner) == 0
    assert heard == []
    page.close()


CONTRAST = """() => {
  const parse = (c) => c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => { const f = (v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
    return .2126 * f(r) + .7152 * f(g) + .0722 * f(b); };
  const ground = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > .9) return c; } return [255, 255, 255]; };
  const low = [];
  for (const e of document.querySelectorAll('main *, header *, footer *')) {
    if (e.closest('svg') || ![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) || !e.offsetParent) continue;
    const a = light(parse(getComputedStyle(e).color)), b = light(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) low.push(e.className + ' ' + ratio.toFixed(2) + ' ' + e.textContent.slice(0, 30));
  }
  return [...new Set(low)];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(browser: Any, address: str, scheme: str) -> None:
    """Every text has a contrast of 4.5 to 1 at least (WCAG 2.2, 1.4.3)."""
    page = browser.new_page(color_scheme=scheme)
    page.goto(address)
    assert page.evaluate(CONTRAST) == []
    page.close()


def test_a_number_opens_its_quote_in_context_and_gives_the_focus_back(
    browser: Any, address: str
) -> None:
    """By keyboard alone: a number opens the paragraph, arrows go on, Escape returns to the number."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    link = page.locator(".lead a.c").first
    number = link.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    reader = page.locator("#reader")
    assert reader.is_visible()
    assert f"Evidence {number} of" in reader.inner_text()
    assert reader.locator("mark").count() >= 1
    page.keyboard.press("ArrowRight")
    assert f"Evidence {int(number) + 1} of" in reader.inner_text()
    page.keyboard.press("Escape")
    assert not reader.is_visible()
    assert page.evaluate("document.activeElement.textContent") == number
    page.close()


def test_two_languages_stand_side_by_side(browser: Any, address: str) -> None:
    """A quote that a Korean text says too opens with both paragraphs, the Korean one marked as Korean."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    words = page.locator(".ev .words > .fact", has_text="some working over 12 hours a day").first
    target = words.evaluate("(e) => e.closest('li[id]').id")
    page.locator(f".lead a.c[href='#{target}']").first.click()
    quotes = page.locator("#reader blockquote")
    assert [quotes.nth(n).get_attribute("lang") for n in range(quotes.count())] == ["en", "ko"]
    boxes = [quotes.nth(n).bounding_box() for n in range(2)]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] < boxes[1]["x"]
    page.close()


def test_it_works_without_javascript(browser: Any, address: str) -> None:
    """Without scripts a number leads to its row, and the paragraph opens there."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(address)
    link = page.locator(".lead a.c").first
    target = link.get_attribute("href")
    link.click()
    row = page.locator(target)
    assert page.url.endswith(target)
    assert row.is_visible()
    row.locator("summary").first.click()
    assert row.locator("blockquote").first.is_visible()
    context.close()


def test_fingers_find_the_numbers(browser: Any, address: str) -> None:
    """On a touch screen the target of a number is 44 pixels wide and high at least."""
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(address)
    size = page.evaluate(
        "(() => { const s = getComputedStyle(document.querySelector('.lead a.c'), '::after'); return [parseFloat(s.width), parseFloat(s.height)]; })()"
    )
    assert min(size) >= 44
    context.close()


def test_diagrams_have_a_phone_form(browser: Any, address: str) -> None:
    """On a phone the chain is a list and the map has its own drawing, with type that can be read."""
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(address)
    assert page.locator(".flowlist").is_visible()
    assert not page.locator("svg.wide").first.is_visible()
    box = page.locator("svg.narrow").bounding_box()
    assert box["width"] >= 340
    page.close()


def test_each_printed_page_says_for_whom_it_is(browser: Any, address: str, tmp_path: Path) -> None:
    """Every sheet of the PDF holds the handling line."""
    pdfium = pytest.importorskip("pypdfium2")
    page = browser.new_page()
    page.goto(address)
    target = tmp_path / "dossier.pdf"
    page.pdf(path=str(target), prefer_css_page_size=True)
    page.close()
    with pdfium.PdfDocument(target) as document:
        texts = [sheet.get_textpage().get_text_range() for sheet in document]
    assert len(texts) > 3
    squeezed = [re.sub(r"\s+", " ", text) for text in texts]
    assert all(INTERNAL_HANDLING in text for text in squeezed)
