# SPDX-License-Identifier: GPL-2.0-only
#
# make demo    render the shipped series on its fixture tree and verify it
# make test    run the tests
# make lint    type checks and style
# make bench   compare the speed with git's and make's
# make soak    hold SERIES=2000 generated series against git, from seed FIRST=0 on
# make fuzz    fuzz all parsers for SECONDS=3600

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT := out/exitless-timer

SERIES ?= 2000
FIRST ?= 0
SECONDS ?= 3600

.PHONY: demo test lint bench soak fuzz clean

demo: $(VENV)/installed
	rm -rf $(OUT)
	$(BIN)/patchgen render exitless-timer -o $(OUT)
	$(BIN)/patchgen verify $(OUT) --sandbox if-possible

test: $(VENV)/installed-dev
	$(BIN)/pytest -n auto --dist worksteal $(PYTEST_ARGS)

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks

soak: $(VENV)/installed-dev
	PATCHGEN_ORACLE_SERIES=$(SERIES) PATCHGEN_ORACLE_FIRST=$(FIRST) \
		$(BIN)/pytest -q -n auto tests/oracle $(PYTEST_ARGS)

fuzz: $(VENV)/installed-dev
	$(BIN)/python -m tests.fuzz $(SECONDS)

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

clean:
	rm -rf out build dist $(VENV)
