# make bench   set up, run the quick suite, show its table        (about three minutes the first time)
# make test    set up, check the style and the types, run the tests
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
CONSTRAINTS := constraints/core.txt
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))

.PHONY: help bench test test-all lint circuits constraints clean

help:
	@sed -n 's/^# make/make/p' Makefile

bench: $(VENV)/core-installed
	@$(BIN)/qbench run quick

test: lint
	@$(BIN)/python -m pytest

# make test-all   the same with the slow tests
test-all: lint
	@$(BIN)/python -m pytest -m "slow or not slow"

lint: $(VENV)/test-installed
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

# make circuits   make the stored circuits again
circuits: $(VENV)/core-installed
	@$(BIN)/python -m qbench.circuits.generate

# make constraints   pin the versions of this environment
constraints: $(VENV)/test-installed
	@{ sed -n '/^#/p' $(CONSTRAINTS); $(PIP) freeze --exclude-editable; } > $(CONSTRAINTS).new
	@mv $(CONSTRAINTS).new $(CONSTRAINTS)

# make clean   remove the environment
clean:
	rm -rf $(VENV)

$(VENV)/core-installed: pyproject.toml $(CONSTRAINTS) | $(VENV)/bin/python
	@echo "Installing qbench and the simulators into $(VENV) ..."
	@$(PIP) install --constraint $(CONSTRAINTS) --editable .
	@touch $@

$(VENV)/test-installed: pyproject.toml $(CONSTRAINTS) | $(VENV)/bin/python
	@echo "Installing qbench, the simulators and the test tools into $(VENV) ..."
	@$(PIP) install --constraint $(CONSTRAINTS) --editable ".[test]"
	@touch $@ $(VENV)/core-installed

# The first of these that is Python 3.11 to 3.14 and has what a virtual environment needs; PYTHON=... comes first.
$(VENV)/bin/python:
	@for candidate in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14; do \
	  $$candidate -c '$(FITS)' >/dev/null 2>&1 || continue; \
	  fitting="$$fitting $$candidate"; \
	  $$candidate -c 'import ensurepip, venv' >/dev/null 2>&1 || continue; \
	  echo "Making $(VENV) with $$($$candidate --version) ..."; \
	  exec $$candidate -m venv $(VENV); \
	done; \
	if [ -n "$$fitting" ]; then \
	  echo "Found$$fitting, but without the venv module. Install it (Debian, Ubuntu: apt install python3-venv)," >&2; \
	  echo "then give the same command again." >&2; \
	else \
	  echo "qbench needs Python 3.11 to 3.14; found: $$(python3 --version 2>&1 || echo no python3)." >&2; \
	  echo "Install one, or name it: make bench PYTHON=/path/to/python3.12" >&2; \
	fi; exit 1
