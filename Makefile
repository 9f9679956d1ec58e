# make bench   set up, run the quick suite, show its table        (about three minutes the first time)
# make test    set up, check the style and the types, run the tests; what is not installed is skipped
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
CONSTRAINTS := constraints/core.txt
ALL_CONSTRAINTS := constraints/all.txt
PYTHONS := 3.11 3.12 3.13
# Tests of one file stay in one process: they share what they ran.
PROCESSES := -n logical --maxprocesses 4 --dist loadfile
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
WORKS := import pip; $(FITS)

# The marks in an environment that does not work (its Python is gone or too old, it has no pip) are not true.
ifneq ($(shell $(BIN)/python -c '$(WORKS)' >/dev/null 2>&1 && echo yes),yes)
FORGOTTEN := $(shell rm -f $(VENV)/ready $(VENV)/core-installed $(VENV)/test-installed $(VENV)/all-installed)
endif

.PHONY: help bench bench-fairness bench-harness bench-scale selftest test test-all test-browser test-sims lint import-costs support-matrix circuits constraints clean

help:
	@sed -n 's/^# make/make/p' Makefile

bench: $(VENV)/core-installed
	@$(BIN)/qbench run quick

test: lint
	@$(BIN)/python -m pytest $(PROCESSES)

# make test-all   the same with the slow tests
test-all: lint
	@$(BIN)/python -m pytest $(PROCESSES) -m "slow or not slow"

# make test-sims   install every simulator that goes beside the others, check the conformance of all
test-sims: $(VENV)/all-installed
	@$(BIN)/python -m pytest $(PROCESSES) tests/simulators
	@$(BIN)/python -m pytest $(PROCESSES) --dist load -m slow tests/simulators/test_conformance.py

# make test-browser   open reports in a headless Chromium (which you install: apt install chromium, or QBENCH_BROWSER=FILE)
test-browser: $(VENV)/test-installed
	@$(PIP) install --constraint $(CONSTRAINTS) --editable ".[browser,test]"
	@$(BIN)/python -m pytest $(PROCESSES) --dist load -m "slow or not slow" tests/browser

lint: $(VENV)/test-installed
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

# make bench-harness   what the harness itself costs: per call and to start (20 seconds)
bench-harness: $(VENV)/core-installed
	@$(BIN)/python tests/bench_harness/bench.py

# make bench-fairness   adapters' times against plain scripts', into results/fairness (25 minutes; ONLY=aer ROUNDS=2)
bench-fairness: ONLY := all
bench-fairness: ROUNDS := 6
bench-fairness: FAIRNESS := results/fairness
bench-fairness: $(VENV)/all-installed
	@$(BIN)/python tests/bench_fairness/fairness.py --only $(ONLY) --rounds $(ROUNDS) -o $(FAIRNESS)

# make selftest   the harness measures itself, into results/selftest (about 12 minutes on a quiet machine)
selftest: $(VENV)/core-installed
	@$(BIN)/qbench selftest -o results/selftest

# make bench-scale   from raw records to tables, time per visit, shares of RUN: into results/costs (3 minutes)
bench-scale: RUN := results/core-v1-2core-vm
bench-scale: $(VENV)/core-installed
	@mkdir -p results/costs
	@$(BIN)/python tests/bench_scale/harness.py machine -o results/costs/machine.json
	@$(BIN)/python tests/bench_scale/harness.py shares $(RUN) -o results/costs/shares.csv
	@$(BIN)/python tests/bench_scale/harness.py visits -o results/costs/visits.csv
	@$(BIN)/python tests/bench_scale/scale.py -o results/costs/scale.csv

# make import-costs   installed sizes and import times, into results/import-costs (15 to 20 minutes; then support-matrix)
import-costs: COSTS := results/import-costs
import-costs: $(VENV)/all-installed
	@$(BIN)/python tests/bench_import/import_costs.py -o $(COSTS)

# make support-matrix   make docs/support-matrix.md again from the simulators' files and the published costs
support-matrix: COSTS := results/import-costs-2core-vm
support-matrix: $(VENV)/core-installed
	@$(BIN)/qbench list simulators --builtin --format md --costs $(COSTS) > docs/support-matrix.new
	@mv docs/support-matrix.new docs/support-matrix.md

# make circuits   make the stored circuits again
circuits: $(VENV)/core-installed
	@$(BIN)/python -m qbench.circuits.generate

# make constraints   pin what fresh environments get, made with each Python of PYTHONS that is there
constraints:
	@core=; all=; \
	for version in $(PYTHONS); do \
	  python$$version -c 'import ensurepip, venv' >/dev/null 2>&1 || { echo "python$$version is not there: nothing is pinned for it"; continue; }; \
	  echo "Pinning under Python $$version ..."; \
	  place=.venv-pins/$$version; \
	  python$$version -m venv --clear $$place/all && \
	  $$place/all/bin/python -m pip install --quiet --editable ".[all,parquet,test]" && \
	  $$place/all/bin/python -m pip freeze --exclude-editable > $$place/all.txt && \
	  python$$version -m venv --clear $$place/core && \
	  $$place/core/bin/python -m pip install --quiet --constraint $$place/all.txt --editable ".[test]" && \
	  $$place/core/bin/python -m pip freeze --exclude-editable > $$place/core.txt || exit 1; \
	  core="$$core $$version=$$place/core.txt"; all="$$all $$version=$$place/all.txt"; \
	  python=$$place/core/bin/python; \
	done; \
	[ -n "$$core" ] || { echo "None of Python $(PYTHONS) is there." >&2; exit 1; }; \
	$$python constraints/pins.py $(CONSTRAINTS) $$core && $$python constraints/pins.py $(ALL_CONSTRAINTS) $$all

# make clean   remove the environment
clean:
	rm -rf $(VENV) .venv-pins

$(VENV)/core-installed: pyproject.toml $(CONSTRAINTS) | $(VENV)/ready
	@echo "Installing qbench and the simulators into $(VENV) ..."
	@$(PIP) install --constraint $(CONSTRAINTS) --editable .
	@touch $@

$(VENV)/test-installed: pyproject.toml $(CONSTRAINTS) | $(VENV)/ready
	@echo "Installing qbench, the simulators and the test tools into $(VENV) ..."
	@$(PIP) install --constraint $(CONSTRAINTS) --editable ".[test]"
	@touch $@ $(VENV)/core-installed

$(VENV)/all-installed: pyproject.toml $(ALL_CONSTRAINTS) | $(VENV)/ready
	@echo "Installing qbench, all simulators and the test tools into $(VENV) ..."
	@$(PIP) install --constraint $(ALL_CONSTRAINTS) --editable ".[all,parquet,test]"
	@touch $@ $(VENV)/core-installed $(VENV)/test-installed

# An environment that works is used, another is made anew: with PYTHON=... if that is given, else with the first
# of these that is Python 3.11 to 3.14 and has what an environment needs.
$(VENV)/ready: export PYTHON := $(PYTHON)
$(VENV)/ready:
	@if $(BIN)/python -c '$(WORKS)' >/dev/null 2>&1; then touch $@; exit; fi; \
	if [ -n "$$PYTHON" ]; then set -- "$$PYTHON"; \
	else set -- python3 python3.13 python3.12 python3.11 python3.14; fi; \
	bare=; \
	for candidate in "$$@"; do \
	  "$$candidate" -c '$(FITS)' >/dev/null 2>&1 || continue; \
	  if "$$candidate" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
	    echo "Making $(VENV) with $$("$$candidate" --version) ..."; \
	    "$$candidate" -m venv --clear $(VENV) && $(BIN)/python -c '$(WORKS)' && touch $@; \
	    exit; \
	  fi; \
	  bare="$${bare:+$$bare, }$$(command -v "$$candidate") ($$("$$candidate" --version 2>/dev/null))"; \
	done; \
	if [ -n "$$bare" ]; then \
	  echo "No environment can be made: $$bare has no venv or ensurepip module." >&2; \
	  echo "Install it (Debian, Ubuntu: apt install python3-venv), then give the same command again." >&2; \
	elif [ -n "$$PYTHON" ]; then \
	  found=$$("$$PYTHON" --version 2>/dev/null) || found="no Python that runs"; \
	  echo "qbench needs Python 3.11 to 3.14; PYTHON=$$PYTHON is $$found." >&2; \
	else \
	  found=$$(python3 --version 2>/dev/null) || found="no python3"; \
	  echo "qbench needs Python 3.11 to 3.14; found: $$found." >&2; \
	  echo "Install one, or name it: make bench PYTHON=/path/to/python3.12" >&2; \
	fi; exit 1
