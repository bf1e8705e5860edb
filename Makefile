# The tasks of a developer. `make` alone lists them. Each runs in the environment in .venv, which
# is made when it is missing or when pyproject.toml has changed.

PYTHON ?= python3
BIN := .venv/bin
SAMPLE := build/sample
.DEFAULT_GOAL := help
.PHONY: help run debug console test fast check format docs bench pictures faults hooks clean

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.venv/.ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -e '.[dev]'
	@touch $@

run: .venv/.ready ## open the menu of the program in this checkout
	$(BIN)/workshop

debug: .venv/.ready ## open a session of samples, with messages for `make console`
	rm -rf $(SAMPLE) && mkdir -p $(SAMPLE)
	session=$$($(BIN)/python tools/sample_session.py $(SAMPLE)) && \
		TEXTUAL=debug,devtools WORKSHOP_DEBUG=1 $(BIN)/workshop resume "$$session"

console: .venv/.ready ## show what `make debug` logs, in a second terminal (start it first)
	$(BIN)/textual console

test: .venv/.ready ## run the whole suite, on every core
	$(BIN)/pytest

fast: .venv/.ready ## run the tests that need less than half a minute in all
	$(BIN)/pytest -m fast

check: .venv/.ready ## lint, format, types and contracts, as the build runs them
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright
	$(BIN)/lint-imports

format: .venv/.ready ## fix what ruff can fix
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: .venv/.ready ## write docs/commands.md and the table of modules anew from the code
	$(BIN)/python tools/commands_page.py
	$(BIN)/python tools/module_table.py

bench: .venv/.ready ## print every bench as a ratio to its baseline
	$(BIN)/python tests/bench

pictures: .venv/.ready ## take a picture of every screen at three sizes into build/pictures
	$(BIN)/python tools/pictures.py build/pictures

faults: .venv/.ready ## break the program on purpose, for about an hour
	$(BIN)/pytest -n 0 tests/faults

clean: ## remove what the tasks made
	rm -rf build dist .venv

hooks: .venv/.ready ## install the git hooks: lint and format at a commit, types and tests at a push
	$(BIN)/pre-commit install
