# One command runs the job, one passes the tests; each brings what it needs.
.DEFAULT_GOAL := help
.PHONY: help install keyring demo test check contract prove bench docs lock clean
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
QUIET := --ignore-scripts --no-audit --no-fund --loglevel=error
LOCKED := install --require-hashes --no-deps --no-build-isolation

help:           ## the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 18

install: .venv/run ## Dunwell and what it needs, in .venv

keyring: .venv/run ## what it takes to keep secrets in the system's keyring
	@$(PIP) $(LOCKED) -r requirements/keyring.txt

demo: .venv/run ## the whole job on two ledgers of the sandbox, in under a minute
	$(BIN)/dunwell demo

# Hundreds of processes import the same modules: they are compiled once, whatever the surroundings say.
test prove: export PYTHONDONTWRITEBYTECODE =

test: .venv/dev ## every test, at fixed seeds
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: .venv/dev ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

contract: .venv/dev ## our requests before a mock server on Xero's official contract (needs node and npm)
	@if command -v node >/dev/null && command -v npm >/dev/null; then \
	  $(MAKE) --silent --no-print-directory .prism/ready && $(BIN)/python -m pytest tests/contract; \
	else echo "Skipped: the mock server needs node (18.20 or newer) and npm, and they are not here; nothing was asked."; fi

prove: .venv/dev ## the same properties, kills and histories a hundred times over (takes long)
	DUNWELL_PROVE=100 $(BIN)/python -m pytest -n 2 --dist worksteal -m prove

bench: .venv/dev ## figures, as ratios to a floor measured in the same run
	$(BIN)/python -m bench

docs: .venv/dev ## docs/strategy.md and the README's picture, made again from the code
	$(BIN)/python -m strategy.text.reference > docs/strategy.md
	$(BIN)/python -m tests.docs.picture docs/demo.svg

lock:           ## pin again what requirements/*.in and tests/contract ask for (needs uv, node and npm)
	for name in build run keyring dev; do uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url requirements/$$name.in -o requirements/$$name.txt; done
	cd tests/contract && rm -f package-lock.json && npm install --package-lock-only $(QUIET) --omit-lockfile-registry-resolved
	cd tests/contract && node -p 'JSON.stringify(require("./package-lock.json"), (key, value) => key == "funding" ? undefined : value, 2)' > lock.json
	mv tests/contract/lock.json tests/contract/package-lock.json

clean:          ## forget the environment
	rm -rf .venv .prism

.venv/run: requirements/build.txt requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Dunwell needs Python 3.11 or newer; name one with make PYTHON=python3.12"; exit 1; }
	@echo "Preparing .venv (once)"
	@$(PYTHON) -m venv .venv
	@$(PIP) $(LOCKED) -r requirements/build.txt
	@$(PIP) $(LOCKED) -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: .venv/run requirements/dev.txt
	@echo "Adding what the checks and tests need to .venv (once)"
	@$(PIP) $(LOCKED) -r requirements/dev.txt
	@touch $@

.prism/ready: tests/contract/package.json tests/contract/package-lock.json
	@echo "Preparing .prism, the mock server (once)"
	@rm -rf .prism && mkdir .prism && cp tests/contract/package*.json .prism
	@cd .prism && npm ci $(QUIET)
	@touch $@
