"""axe on every kind of page, in both colour schemes, with everything unfolded.

An English page is the Danish one's template with other words: a fourth of them is looked at each day, all of them by
themselves and at every width in make test-all.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT as AXE
from playwright.sync_api import Browser, Page

from tests.addresses import Address
from tests.browser.kinds import pages

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
UNFOLD = """
const kinds = new Map()
for (const fold of document.querySelectorAll("details")) {
    kinds.set(`${fold.parentElement.className} ${fold.className}`, fold)
}
kinds.forEach(fold => { fold.open = true })
"""  # one of each kind: a hundred more are alike
MIDDLE = [[f"{row}:nth-child(n+13):nth-last-child(n+6)"] for row in ("tr", "li", "details")]  # of a long table or list


FAULTS_ONLY = {"resultTypes": ["violations"]}  # no lists of what is right
LOOKS = """() => {
    const looks = new Map()
    const sheets = [...document.styleSheets].map(sheet => sheet.href)
    const frame = `${document.documentElement.className} ${document.body.className} ${sheets}`
    for (const one of document.querySelectorAll("body *")) {
        const says = [...one.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())
        if ((says || one.matches("input, select, textarea")) && one.checkVisibility()) {
            let look = ""
            for (let at = one; at !== document.body; at = at.parentElement) {
                look += `${at.localName} ${at.getAttribute("class")} ${at.getAttributeNames()} ${at.open} < `
            }
            looks.has(look + frame) || looks.set(look + frame, one)
        }
    }
    return looks
}"""  # colours hang on style sheets and on element, classes and attributes, up to the root: one of each is looked at
UNSEEN = f"""async ([seen, options]) => {{
    const looks = ({LOOKS})()
    seen.forEach(look => looks.delete(look))
    const found = looks.size ? await axe.run({{include: [...looks.values()]}}, options) : {{violations: []}}
    return [[...looks.keys()], found]
}}"""
OF_COLOUR = ["color-contrast", "link-in-text-block"]


def _violations(page: Page) -> list[str]:
    """What axe finds, but for colours."""
    options = {"runOnly": RULES, "rules": {rule: {"enabled": False} for rule in OF_COLOUR}}
    return _told(page.evaluate("([exclude, options]) => axe.run({exclude}, options)", [MIDDLE, options | FAULTS_ONLY]))


def _faint(page: Page, seen: set[str]) -> list[str]:
    """What axe finds about colours in the scheme that is shown, of what was not seen in it on an earlier page."""
    options = {"runOnly": {"type": "rule", "values": OF_COLOUR}} | FAULTS_ONLY
    looks, found = page.evaluate(UNSEEN, [sorted(seen), options])
    seen |= set(looks)
    return _told(found)


def _told(found: dict[str, Any]) -> list[str]:
    return [
        f"{one['id']}: {node['target']} {node['html'][:120]} {node.get('failureSummary', '')[:200]}"
        for one in found["violations"]
        for node in one["nodes"][:3]
    ]


@pytest.fixture(scope="module")
def reader(browser: Browser, base_url: str) -> Iterator[Page]:
    """One page for all: a new one for each address would cost more than what is looked at."""
    context = browser.new_context(base_url=base_url, locale="da-DK", reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def seen() -> dict[str, set[str]]:
    """The looks that were looked at, by colour scheme: three in five of a page's are another page's too."""
    return {"light": set(), "dark": set()}


@pytest.mark.parametrize("address", [*pages("da"), *pages("en")[::4]], ids=str)
def test_axe_finds_nothing_in_light_and_dark_and_no_width_scrolls_sideways(
    reader: Page, address: Address, seen: dict[str, set[str]]
) -> None:
    _opened(reader, address)
    if address.language == "da":  # the English page is of the same template; make test-all looks at it too
        assert _violations(reader) == []
    assert _faint(reader, seen["light"]) == []
    reader.emulate_media(color_scheme="dark")
    assert _faint(reader, seen["dark"]) == []
    assert _too_wide(reader, 1280, 320) == []  # 320 px is 1280 px at 400 %


@pytest.mark.full
@pytest.mark.parametrize("address", pages("da", "en"), ids=str)
def test_axe_finds_nothing_on_any_page_by_itself_at_any_width(reader: Page, address: Address) -> None:
    _opened(reader, address)
    assert _violations(reader) == []
    for scheme in ("light", "dark"):
        reader.emulate_media(color_scheme=scheme)
        assert _faint(reader, set()) == []
    assert _too_wide(reader, 1280, 1100, 900, 768, 360, 320) == []


def _opened(reader: Page, address: Address) -> None:
    reader.set_viewport_size({"width": 1280, "height": 800})
    reader.emulate_media(color_scheme="light")
    few_rows = "?landsdel=Fyn" if address.name.startswith("ranking") else ""  # ten have all that ninety-eight have
    answer = reader.goto(f"{address.path}{few_rows}")
    assert answer is not None
    assert answer.status == 200
    reader.evaluate(UNFOLD)
    reader.evaluate(AXE)


def _too_wide(reader: Page, *widths: int) -> list[int]:
    """The widths at which the page scrolls sideways."""
    found = []
    for width in widths:
        reader.set_viewport_size({"width": width, "height": 740})
        if reader.evaluate("document.documentElement.scrollWidth") > width:
            found.append(width)
    return found


def test_text_of_twice_the_size_still_fits(page: Page) -> None:
    page.set_viewport_size({"width": 640, "height": 740})  # 1280 px at 200 %
    for path in ("/", "/kommune/roedovre/", "/rangliste/", "/indikator/b-omgoerelse/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 640
