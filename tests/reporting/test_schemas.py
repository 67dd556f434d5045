"""What programs read is valid against what is published about it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree

import patchgen.reporting

SCHEMAS = Path(os.environ.get("PATCHGEN_SCHEMAS", ""))
REPORT = Path(patchgen.reporting.__path__[0]) / "report.schema.json"

published = pytest.mark.skipif(
    not os.environ.get("PATCHGEN_SCHEMAS"),
    reason="PATCHGEN_SCHEMAS does not name a folder with the published schemas",
)
every_series = pytest.mark.parametrize("series", ["broken", "hostile"])


@published
@every_series
def test_sarif(request: pytest.FixtureRequest, series: str) -> None:
    schema = json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
    log = json.loads(request.getfixturevalue(series)["sarif"])
    jsonschema.Draft4Validator(schema).validate(log)
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    for result in log["runs"][0]["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert rules[result["ruleIndex"]]["help"]["markdown"]


@published
@every_series
def test_junit(request: pytest.FixtureRequest, series: str) -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))
    root = etree.fromstring(request.getfixturevalue(series)["junit"].encode())
    schema.assertValid(root)
    assert root.tag == "testsuites"


def test_the_schema_of_the_json_report_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(REPORT.read_text("utf-8")))


@every_series
def test_json(request: pytest.FixtureRequest, series: str) -> None:
    schema = json.loads(REPORT.read_text("utf-8"))
    report = json.loads(request.getfixturevalue(series)["json"])
    jsonschema.Draft202012Validator(schema).validate(report)
    assert not set(undescribed(schema, report))


def test_json_of_a_series_that_runs(demo: Path) -> None:
    schema = json.loads(REPORT.read_text("utf-8"))
    report = json.loads((demo / "json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(report)
    assert not set(undescribed(schema, report))
    assert report["builds"]


def undescribed(schema: dict[str, Any], value: Any, path: str = "") -> Iterator[str]:
    """Every key of a report that the schema says nothing about."""
    if isinstance(value, dict) and "properties" in schema:
        for key, inner in value.items():
            if key not in schema["properties"]:
                yield f"{path}/{key}"
            else:
                yield from undescribed(schema["properties"][key], inner, f"{path}/{key}")
    elif isinstance(value, list) and "items" in schema:
        for inner in value:
            yield from undescribed(schema["items"], inner, f"{path}[]")
