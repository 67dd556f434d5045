"""Every format tells the same findings, and tells them the same way each time."""

import json
import os
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import junitparser
import pytest

from patchgen.cli.output import FORMATS as NAMES
from patchgen.reading.read import read_series
from patchgen.reporting.formats import FORMATS
from patchgen.reporting.html.style import STYLE
from patchgen.reporting.text import harmless
from patchgen.sandbox import Walls
from patchgen.stages.facts import Wishes
from patchgen.verify import verify_series
from patchgen.version import __version__

HERE = Path(__file__).parent
UPDATE = os.environ.get("PATCHGEN_UPDATE_GOLDEN") == "1"
Told = Counter[tuple[str, str, str]]

_LINE = re.compile(
    r"(?m)^(?:patchgen: )?\S.*?: (?P<severity>error|warning|note): (?P<message>.*)"
    r" \[(?P<check>[a-z0-9-]+)\]$"
)
_COMMAND = re.compile(r"(?m)^::(?P<kind>error|warning|notice) (?P<properties>[^:]*)::(?P<data>.*)$")


def from_text(text: str) -> Told:
    return Counter(
        (match["check"], match["severity"], match["message"]) for match in _LINE.finditer(text)
    )


def from_json(text: str) -> Told:
    return Counter(
        (one["check"], one["severity"], harmless(one["message"]))
        for one in json.loads(text)["findings"]
    )


def from_sarif(text: str) -> Told:
    return Counter(
        (one["ruleId"], one["level"], harmless(one["message"]["text"].replace("\\[", "[")))
        for one in json.loads(text)["runs"][0]["results"]
    )


def from_junit(text: str) -> Told:
    told: Told = Counter()
    for suite in junitparser.JUnitXml.fromstring(text.encode()):
        for case in suite:
            for result in case.result:
                if isinstance(result, junitparser.Failure):
                    told += from_text(result.text)
            told += from_text(case.system_out or "")
    return told


def parsed_command(match: re.Match[str]) -> tuple[dict[str, str], str]:
    """Properties and message as actions/runner undoes their escapes."""
    pairs = (pair.split("=", 1) for pair in match["properties"].split(","))
    undone = {
        name: value.replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
        for name, value in pairs
    }
    data = match["data"].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    return undone, data


def from_github(text: str) -> Told:
    told = from_text(text)
    for match in _COMMAND.finditer(text):
        properties, data = parsed_command(match)
        severity = match["kind"].replace("notice", "note")
        told[properties["title"], severity, data.split("\n")[0]] += 1
    return told


class _Boxes(HTMLParser):
    """Collects the boxes of findings: what they are about, and their message."""

    def __init__(self) -> None:
        super().__init__()
        self.told: Told = Counter()
        self.label = ""
        self.message: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "div" and named.get("role") == "note":
            self.label = named["aria-label"] or ""
        elif tag == "span" and self.label:
            self.message = ""

    def handle_data(self, data: str) -> None:
        if self.message is not None:
            self.message += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self.message is not None:
            severity, _, check = self.label.partition(": ")
            self.told[check, severity, self.message] += 1
            self.label, self.message = "", None


def from_html(text: str) -> Told:
    boxes = _Boxes()
    boxes.feed(text)
    return boxes.told


READERS: dict[str, Callable[[str], Told]] = {
    "text": from_text,
    "json": from_json,
    "sarif": from_sarif,
    "junit": from_junit,
    "github": from_github,
    "html": from_html,
}


def test_every_format_has_a_name_and_a_reader() -> None:
    assert list(NAMES) == list(FORMATS) == list(READERS)


@pytest.mark.parametrize("series", ["broken", "hostile"])
def test_all_tell_the_same_findings(request: pytest.FixtureRequest, series: str) -> None:
    reports = request.getfixturevalue(series)
    told = {name: READERS[name](text) for name, text in reports.items()}
    assert sum(told["json"].values()) >= 6
    for name, findings in told.items():
        assert findings == told["json"], name


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"text", "json"}))
def test_golden(lamp: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """With the checks that find something, so that a new one changes nothing here."""
    monkeypatch.chdir(HERE.parent / "golden")
    report = verify_series(
        read_series(["broken"], None), Wishes(str(lamp), walls=Walls.IF_POSSIBLE), workspace
    )
    found = {finding.check for finding in report.findings}
    rules = tuple(rule for rule in report.rules() if rule.id in found)
    report = replace(report, rules=lambda: rules, command="patchgen verify broken")
    text = FORMATS[name](report).replace(__version__, "VERSION").replace(STYLE, "STYLE")
    text = re.sub(r"sha256-[\w+/]+=", "sha256-STYLE", text)
    path = HERE / "golden" / f"broken.{name}"
    if UPDATE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text


def test_two_reports_are_the_same_bytes(
    in_all_formats: Callable[..., dict[str, str]], lamp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE.parent / "golden")
    one = in_all_formats("broken", "--tree", lamp)
    lamp.rename(lamp.parent / "elsewhere")
    other = in_all_formats("broken", "--tree", lamp.parent / "elsewhere")
    assert one == other
    for text in one.values():
        assert str(lamp.parent) not in text


def results(text: str) -> dict[str, str]:
    """The message of every result by its fingerprint."""
    return {
        one["partialFingerprints"]["patchgenFinding/v1"]: one["message"]["text"]
        for one in json.loads(text)["runs"][0]["results"]
    }


def test_fingerprints_survive_a_reroll(
    in_all_formats: Callable[..., dict[str, str]],
    broken: dict[str, str],
    lamp: Path,
    tmp_path: Path,
) -> None:
    """Other file names, other lines, other versions: the findings are known again."""
    (tmp_path / "v2").mkdir()
    for path in sorted((HERE.parent / "golden" / "broken").iterdir()):
        text = path.read_text().replace("[PATCH ", "[PATCH v2 ")
        text = text.replace("Subject:", "X-Filler: one more line\nSubject:", 1)
        (tmp_path / "v2" / f"v2-{path.name}").write_text(text)
    again = in_all_formats(tmp_path / "v2", "--tree", lamp)["sarif"]
    first = results(broken["sarif"])
    assert len(first) == 9
    assert results(again) == first


def test_junit_has_a_case_for_every_check_and_patch(broken: dict[str, str]) -> None:
    suites = ElementTree.fromstring(broken["junit"]).findall("testsuite")
    assert [suite.get("name", "").partition(":")[0] for suite in suites] == ["series", "1", "2"]
    names = [{case.get("name") for case in suite} for suite in suites]
    assert "shortlog-mismatch" in names[0]
    assert "diffstat-mismatch" in names[1] & names[2]
    for case in ElementTree.fromstring(broken["junit"]).iter("testcase"):
        for skipped in case.findall("skipped"):
            assert skipped.get("message")
    built = [one for one in suites[1] if one.get("name") == "build-failed"]
    assert built[0].find("skipped") is not None
