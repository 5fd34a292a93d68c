# Two commands do everything from a bare checkout: `make play` and `make test`.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PERSONA ?=
ARGS ?=
# Tests that wait for processes and terminals leave room for more of them than there are cores.
WORKERS ?= 4
# What else to tell pytest.
PYTEST ?=

# The first Python that is new enough; name another with `make PYTHON=…`.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.PHONY: play test lint soak llama bench fit agreement trainees samples pictures structure clean

play: $(VENV)/.ready
	@if [ -t 0 ] && [ -t 1 ] && [ -t 2 ]; then \
		$(BIN)/roleplay $(if $(PERSONA),play $(PERSONA)) $(ARGS); \
	else \
		$(BIN)/roleplay play $(or $(PERSONA),stranded-driver) $(ARGS); fi

# Without compiled files each of the many processes that the tests start would compile the whole package anew.
test soak: export PYTHONDONTWRITEBYTECODE :=

test: lint
	@$(BIN)/python -m pytest -n $(WORKERS) $(PYTEST)

lint: $(VENV)/.ready-dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

soak: $(VENV)/.ready-dev
	@$(BIN)/python -m pytest -n $(WORKERS) -m soak

llama: $(VENV)/.ready-llama
	@$(BIN)/python -m pytest -n 0 tests/llm/test_llama.py

bench: $(VENV)/.ready-dev
	@$(BIN)/python -m benchmarks

# Both take minutes.
fit: $(VENV)/.ready-dev
	@$(BIN)/python -m benchmarks.fit

agreement: $(VENV)/.ready-dev
	@$(BIN)/python -m benchmarks.agreement

trainees: $(VENV)/.ready
	@$(BIN)/roleplay personas rehearse personas/

samples: $(VENV)/.ready-dev
	@$(BIN)/python -m tests.samples

pictures: $(VENV)/.ready-dev
	@$(BIN)/python -m tests.tui.pictures

structure: $(VENV)/.ready-dev
	@$(BIN)/python -m tests.store.fresh

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Roleplay needs Python 3.11 or newer, and none was found. Name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Making a virtual environment in $(VENV) …" >&2
	@$(PYTHON) -m venv $(VENV) </dev/null

$(VENV)/.ready: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing Roleplay and what it needs into $(VENV); this is done once …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e . </dev/null >&2
	@touch $@

$(VENV)/.ready-dev: pyproject.toml constraints.txt | $(VENV)/.ready
	@echo "Installing the tools for the tests into $(VENV); this is done once …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]' </dev/null >&2
	@touch $@

$(VENV)/.ready-llama: pyproject.toml constraints.txt | $(VENV)/.ready-dev
	@echo "Installing llama.cpp's server for its tests into $(VENV); this is done once …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,llama]' </dev/null >&2
	@touch $@
