# Each target sets up what it needs in .venv, from pinned versions; nothing has to be installed first but Python and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLOOR := 10
ENGINES := .engines
BEAM := $(shell sed -n 's/^apache-beam==//p' constraints.txt)
FLINK := 1.20
# The absolute path of a file that is there when the recipe runs; nothing where it is not.
present = $$(ls -d $(CURDIR)/$(1) 2>/dev/null)
export PYTHONDONTWRITEBYTECODE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# These variables, unlike the option -c, also pin what a package's own build downloads (old and new pip).
PIP := PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt $(BIN)/python -m pip
PIP_INSTALL := $(PIP) install --quiet

.DEFAULT_GOAL := help
.PHONY: help demo test test-engines check lint format types rules quality bench wheel constraints hooks clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, $(FLOOR)))' 2>/dev/null || \
		{ echo "copydesk needs Python 3.$(FLOOR) or newer: '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Name another with: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { echo "could not make $(VENV); on Debian and Ubuntu: apt-get install python3-venv" >&2; rm -rf $(VENV); exit 1; }
	@touch $@

$(VENV)/runs: pyproject.toml constraints.txt | $(VENV)/created
	@echo "installing copydesk and what it needs (once, a minute or so) ..."
	@$(PIP_INSTALL) --editable .
	@touch $@

$(VENV)/develops: pyproject.toml constraints.txt | $(VENV)/created
	@echo "installing copydesk with its development tools (once, a minute or two) ..."
	@$(PIP_INSTALL) --editable '.[dev]'
	@touch $@ $(VENV)/runs

demo: $(VENV)/runs ## the sample articles through the whole pipeline, then a look at the lake
	@$(BIN)/copydesk demo

test: $(VENV)/develops ## all tests
	@$(BIN)/python -m pytest

test-engines: $(VENV)/develops ## the same lake from Prism, Flink and Spark; builds or fetches them into .engines (needs Go, Java 17, Maven)
	@$(PIP_INSTALL) --editable '.[dev,engines]'
	@tests/engines/install.sh $(ENGINES) $(BEAM) $(FLINK)
	@PRISM_LOCATION=$(call present,$(ENGINES)/bin/prism-$(BEAM)) \
	  FLINK_JOB_SERVER_JAR=$(call present,$(ENGINES)/jars/beam-runners-flink-$(FLINK)-job-server-$(BEAM).jar) \
	  SPARK_JOB_SERVER_JAR=$(call present,$(ENGINES)/jars/beam-runners-spark-3-job-server-$(BEAM).jar) \
	  $(BIN)/python -m pytest -m engines -rs

check: lint types test rules quality ## everything that must pass before a change lands

lint: $(VENV)/develops ## ruff: lint and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(VENV)/develops ## rewrite the code in the project's format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: $(VENV)/develops ## mypy --strict
	@$(BIN)/mypy

rules: $(VENV)/develops ## every rule's own examples and counterexamples
	@$(BIN)/copydesk rules test

quality: $(VENV)/develops ## quality floors on the golden set (and the evaluation sets, where they are)
	@$(BIN)/python benchmarks/quality_gate.py

bench: $(VENV)/develops ## measure speed and memory, write docs/benchmarks.md
	@$(BIN)/python benchmarks/throughput.py --write

wheel: $(VENV)/develops ## build the wheel into dist/
	@$(PIP) wheel --quiet --no-deps --wheel-dir dist .

constraints: | $(VENV)/created ## resolve constraints.txt anew from pyproject.toml
	@$(BIN)/python -m pip install --quiet uv
	@{ echo "# Pinned versions of everything copydesk can install, for Python 3.10 to 3.13. Made by \`make constraints\`; don't edit by hand."; \
	  $(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.$(FLOOR) --upgrade \
	  --no-emit-index-url --no-header --no-annotate --quiet; } > constraints.new && mv constraints.new constraints.txt

hooks: $(VENV)/develops ## run ruff and the rule examples before each commit
	@$(BIN)/pre-commit install

clean: ## remove what the targets made
	@rm -rf $(VENV) $(ENGINES) build dist demo-lake *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
