# Two commands do everything: `make demo` and `make test`. Needs Python 3.11 or newer, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
COMPILE := $(BIN)/uv pip compile -q --generate-hashes --no-header --universal --python-version 3.11

# the tests start many processes: what was compiled is kept, also where that is not usual
export PYTHONDONTWRITEBYTECODE :=

.PHONY: install demo test check faults quarter format bench pins clean

install: $(VENV)/.demo

demo: $(VENV)/.demo
	$(BIN)/cadence demo

test: check
	$(BIN)/pytest -n 3 --dist worksteal

# mypy leaves a core idle, on which the tests are collected and compiled
check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pytest --collect-only -qq > /dev/null & compiled=$$!; $(BIN)/mypy && wait $$compiled
	$(BIN)/lint-imports
	$(BIN)/pytest tests/database/test_migrations.py -k "declared or nothing_to_do"

faults: $(VENV)/.dev
	KILLS=500 $(BIN)/pytest -s tests/faults/test_kills.py --timeout 3600

quarter: $(VENV)/.dev
	QUARTER=1 $(BIN)/pytest -n 2 tests/quarter

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.demo
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

pins: $(VENV)/.dev
	$(COMPILE) --extra build pyproject.toml -o requirements.txt
	$(COMPILE) --extra build --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
