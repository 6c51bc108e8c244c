# make demo: code the sample reports into diurna.duckdb.   make test: lint, types, tests and the evaluation gate.
# Needs Python 3.11 or later and make; everything else goes into .venv.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
RUNTIME := $(VENV)/.runtime
DEV     := $(VENV)/.dev

.PHONY: demo test lint types unit gate lock clean

demo: $(RUNTIME)
	$(BIN)/diurna demo --ledger diurna.duckdb

test: lint types unit gate

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV)
	$(BIN)/mypy

unit: $(DEV)
	$(BIN)/python -m pytest

gate: $(DEV)
	$(BIN)/diurna evaluate gate

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Diurna needs Python 3.11 or later; name one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "This Python cannot make virtual environments; install them: sudo apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The package is installed in place, so that only a change of the locks or of pyproject.toml installs again.
$(RUNTIME): requirements.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# No registry is named in the locks: everybody installs from the one that their own pip knows.
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
           --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-annotate

lock: $(DEV)
	$(COMPILE) --build-deps-for editable --build-deps-for wheel -o requirements.lock pyproject.toml
	$(COMPILE) -o requirements-dev.lock requirements-dev.in

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis diurna.duckdb diurna.duckdb.wal
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
