# Every target sets itself up; nothing but Python 3.11+ and make is needed (engine also uses Go, oracles Node).
PYTHON ?= python3
STACK ?= dev
PROJECT ?= .
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
UV_VERSION := 0.13.8
ENGINE := .engine/pulumi
ORACLES := tests/node/node_modules/.package-lock.json
PYTEST := $(BIN)/python -m pytest

# Bytecode is kept even where the environment says otherwise: importing the AWS SDK without it costs
# two seconds a run.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help plan check test lint types architecture engine oracles engine-test bench approve docs lock clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Trellis needs Python 3.11 or later; found " + sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.runtime: $(UV) requirements.lock pyproject.toml
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --require-hashes -r requirements.lock
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

plan: $(VENV)/.runtime  ## show what STACK would be on AWS (no account, no engine)
	@$(BIN)/trellis plan $(STACK) --project $(PROJECT)

check: $(VENV)/.runtime  ## judge STACK with the policy pack (no account, no engine)
	@$(BIN)/trellis check $(STACK) --project $(PROJECT)

test: $(VENV)/.dev  ## the tests (in parallel, no network, no engine)
	@$(PYTEST) -n auto -m "not engine and not servers and not node and not browser and not provider"

lint: $(VENV)/.dev  ## style and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev  ## strict types
	@$(BIN)/basedpyright

architecture: $(VENV)/.dev  ## the arrows between packages
	@$(BIN)/lint-imports --no-cache

engine: $(ENGINE)  ## build the official Pulumi CLI when there is none on PATH

$(ENGINE):
	@tools/engine/build.sh $(ENGINE)

oracles: $(ORACLES)  ## install what the tests marked `node` ask (needs Node.js)

$(ORACLES): tests/node/package-lock.json
	@cd tests/node && npm ci --silent --no-audit --no-fund
	@touch $@

engine-test: $(VENV)/.dev $(ENGINE) $(ORACLES)  ## the tests that use the real engine, servers, Node, Chromium and the AWS provider
	@$(PYTEST) -n 2 -m "engine or servers or node or browser or provider"

bench: $(VENV)/.dev  ## the measurements (ratios inside one run)
	@$(BIN)/python -m bench

approve: $(VENV)/.dev  ## accept the names of all resources as they are now (read the difference)
	@$(BIN)/python -m tests.systems.test_approved_names

docs: $(VENV)/.runtime  ## regenerate the reference and the JSON Schema from the settings
	@$(BIN)/trellis schema --write docs

lock: $(UV)  ## resolve the pinned locks again
	@$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --upgrade pyproject.toml -o requirements.lock
	@$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --upgrade --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	@! command -v npm >/dev/null || (cd tests/node && npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund --silent)

clean:  ## remove what the targets made
	@rm -rf $(VENV) .engine build .hypothesis .ruff_cache
