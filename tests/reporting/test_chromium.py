"""The page in a browser: it loads alone, it is quiet, and it can be used without a mouse."""

import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from patchgen.cli.main import main
from tests.reporting.chromium import Page, chromium
from tests.reporting.conftest import GOLDEN
from tests.reporting.hostile import write_hostile
from tests.trees.lamp import make_lamp

VIOLATIONS = """
axe.run().then(found => JSON.stringify(
  found.violations.map(one => [one.id, one.nodes.map(node => node.html)])))
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with chromium(tmp_path_factory.mktemp("profile")) as page:
        yield page


def report_of(folder: Path, *argv: str | Path) -> Path:
    """Verify with these arguments, and give the page about it."""
    file = folder / "report.html"
    assert main(["verify", *map(str, argv), "--format", f"html={file}"]) in (0, 1)
    return file


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("broken")
    return report_of(folder, GOLDEN / "broken", "--tree", make_lamp(folder / "lamp"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    write_hostile(folder / "mails")
    return report_of(folder, folder / "mails", "--tree", make_lamp(folder / "lamp"))


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """200 patches."""
    folder = tmp_path_factory.mktemp("long")
    (folder / "mails").mkdir()
    for number in range(1, 201):
        diff = f"--- /dev/null\n+++ b/f{number}\n@@ -0,0 +1,40 @@\n" + "+line\n" * 40
        (folder / "mails" / f"{number:04}.patch").write_text(
            f"From: A <a@x.org>\nSubject: [PATCH {number}/200] lamp: add f{number}\n\nWhy.\n\n"
            f"Signed-off-by: A <a@x.org>\n---\n{diff}"
        )
    return report_of(folder, folder / "mails", "--tree", make_lamp(folder / "lamp"))


@pytest.fixture
def page(browser: Page, request: pytest.FixtureRequest) -> Page:
    """The report of the series that the test is about, opened."""
    file = request.getfixturevalue(request.param)
    file = file / "report.html" if file.is_dir() else file
    browser.look()
    browser.open(file)
    return browser


in_the_browser = pytest.mark.parametrize(
    "page", ["demo", "broken", "hostile", "long"], indirect=True
)


@in_the_browser
def test_it_asks_for_nothing_and_says_nothing(page: Page) -> None:
    assert page.messages == []
    assert [url for url in page.requests if not url.endswith("/report.html")] == []
    assert (
        page.evaluate("document.querySelectorAll('script, img, iframe, svg [onload]').length") == 0
    )
    assert page.evaluate("document.title") != "owned"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("page", ["demo", "broken", "hostile"], indirect=True)
def test_axe_finds_nothing(page: Page, dark: bool) -> None:
    pytest.importorskip("axe_core_python", reason="axe-core-python is not installed")
    page.look(dark=dark)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate(resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8"))
    assert json.loads(page.evaluate(VIOLATIONS)) == []


@in_the_browser
def test_a_narrow_window_does_not_scroll_sideways(page: Page) -> None:
    page.look(width=360, height=800)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("page", ["long"], indirect=True)
def test_the_keyboard_is_enough(page: Page) -> None:
    page.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "to the report"
    page.press("Enter")
    assert page.evaluate("location.hash") == "#report"
    seen = set()
    for _ in range(12):
        page.press("Tab")
        seen.add(page.evaluate("document.activeElement.tagName"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle != 'none'"), (
            "focus can be seen"
        )
    assert "A" in seen
    page.evaluate("document.querySelector('details summary').focus()")
    before = page.evaluate("document.querySelector('details').open")
    page.press("Enter")
    assert page.evaluate("document.querySelector('details').open") != before
