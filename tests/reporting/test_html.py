"""The page: nothing of a mail is markup, nothing is loaded, and everything is there."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from patchgen.report import ReportedLine
from patchgen.reporting.html.elements import document, element, style_sheet
from patchgen.reporting.html.letter import claimed_at
from patchgen.reporting.html.style import STYLE

TAGS = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "h3", "p", "div",
    "span", "nav", "ul", "li", "main", "section", "table", "caption", "thead", "tbody", "tr", "th",
    "td", "code", "strong", "details", "summary", "pre", "br", "footer", "figure", "figcaption",
    "svg", "line", "circle", "text",
}  # fmt: skip
_SEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\uffff]")


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("series", ["broken", "hostile"])
def test_only_our_own_markup(request: pytest.FixtureRequest, series: str) -> None:
    text = request.getfixturevalue(series)["html"]
    page = _Page(text)
    assert {tag for tag, _ in page.tags} <= TAGS
    for _, attributes in page.tags:
        assert not any(name.startswith("on") or name in ("src", "style") for name in attributes)
        assert attributes.get("href", "#").startswith("#")
    assert sum(tag == "style" for tag, _ in page.tags) == 1
    assert not _SEEN.search(text)


@pytest.mark.parametrize("series", ["broken", "hostile"])
def test_every_link_leads_somewhere(request: pytest.FixtureRequest, series: str) -> None:
    page = _Page(request.getfixturevalue(series)["html"])
    names = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(names) == len(set(names))
    links = {attributes["href"][1:] for tag, attributes in page.tags if tag == "a"}
    assert links <= set(names)


def test_the_style_sheet_loads_nothing() -> None:
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def test_text_cannot_become_markup() -> None:
    text = document(element("p", "<b>&\x1b", title='"><script>'))
    assert text == (
        '<!DOCTYPE html>\n<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;\\x1b</p>\n\n'
    )


@pytest.mark.parametrize("name", ["", "a b", "x><", "1"])
def test_names_are_names(name: str) -> None:
    with pytest.raises(ValueError, match="no element name"):
        element(name)
    with pytest.raises(ValueError, match="no attribute name"):
        element("p", **{name: "x"})


def test_a_style_sheet_has_no_markup() -> None:
    with pytest.raises(ValueError, match="markup"):
        style_sheet("</style>")


def test_the_letter_says_which_claims_hold(broken: dict[str, str]) -> None:
    claims = re.findall(r'<li><span class="badge \w+">([a-z ]+)</span> (\w+): ', broken["html"])
    assert claims == [("broken", "shortlog"), ("broken", "diffstat")]


def test_plots_and_tests_of_a_series_that_runs(demo: Path) -> None:
    text = (demo / "report.html").read_text("utf-8")
    page = _Page(text)
    plots = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert plots
    assert all(plot["role"] == "img" and "base: " in plot["aria-label"] for plot in plots)
    for word in ("held", "not checked", "passes", "builds"):
        assert f">{word}</span>" in text


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_text_can_be_read(theme: int) -> None:
    block = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[theme]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
    pairs = [(text, back) for text in ("text", "quiet") for back in
             ("page", "panel", "added", "removed", "hunk")]  # fmt: skip
    pairs += [(name, f"{name}-panel") for name in ("error", "warning", "note", "good")]
    pairs += [("text", f"{name}-panel") for name in ("error", "warning", "note")]
    pairs += [("link", "page"), ("mark", "page")]
    for text, back in pairs:
        one, other = sorted((luminance(colours[text]), luminance(colours[back])))
        assert (other + 0.05) / (one + 0.05) >= 4.5, (text, back)


@pytest.mark.parametrize(
    ("says", "line"),
    [
        ("Lamps are too bright", 6),
        ("too bright for the dark", 7),
        ("lamps are too bright: for cats", 6),
        ("nobody says this", None),
        ("a row", None),
        ("", None),
    ],
)
def test_claims_are_found_in_the_letter(says: str, line: int | None) -> None:
    lines = (
        ReportedLine(4, "Subject: lamp: dim it"),
        ReportedLine(6, "Lamps are too bright"),
        ReportedLine(7, "for the dark."),
        ReportedLine(9, " a row | 2 +-", "diffstat"),
    )
    assert claimed_at(says, lines) == line
