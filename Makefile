# Every target sets itself up; nothing but Python 3.11 to 3.13 and make is needed (engine also uses
# Go, oracles Node).
PYTHON ?= python3
STACK ?= dev
PROJECT ?= .
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
ENGINE := .engine/pulumi
ACTIONLINT := .engine/actionlint
ORACLES := tests/node/node_modules/.package-lock.json
PYTEST := $(BIN)/python -m pytest
LOCK := $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --upgrade

# Bytecode is kept even where the environment says otherwise: importing the AWS SDK without it costs
# two seconds a run.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help plan check compare replacing test lint types architecture engine actionlint oracles release wheel-test engine-test bench approve docs site lock clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

$(VENV)/.tools: requirements-tools.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v < (3, 14) else "Trellis needs Python 3.11, 3.12 or 3.13; found " + sys.version.split()[0] + ". Name another: make PYTHON=python3.13")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-tools.lock
	@touch $@

# Built with the hatchling of requirements-tools.lock, and so from nothing that has no hash.
$(VENV)/.runtime: $(VENV)/.tools requirements.lock pyproject.toml
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --require-hashes -r requirements.lock
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

plan: $(VENV)/.runtime  ## show what STACK would be on AWS (no account, no engine)
	@$(BIN)/trellis plan $(STACK) --project $(PROJECT)

check: $(VENV)/.runtime  ## judge STACK with the policy pack (no account, no engine)
	@$(BIN)/trellis check $(STACK) --project $(PROJECT)

AGAINST ?= git:HEAD
compare: $(VENV)/.runtime  ## what an edit of STACK does to what is deployed (AGAINST: a stack file, git:REF, a state)
	@$(BIN)/trellis compare $(STACK) --project $(PROJECT) --against $(AGAINST)

test: $(VENV)/.dev  ## the tests (in parallel, no network, no engine)
	@$(PYTEST) -n auto -m "not engine and not servers and not node and not browser and not provider and not wheel and not long"

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

actionlint: $(ACTIONLINT)  ## build the linter of GitHub's workflows that the tests ask (needs Go)

$(ACTIONLINT):
	@GOBIN=$(CURDIR)/.engine go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

oracles: $(ORACLES)  ## install what the tests marked `node` ask (needs Node.js)

$(ORACLES): tests/node/package-lock.json
	@cd tests/node && npm ci --silent --no-audit --no-fund
	@touch $@

release: $(VENV)/.tools  ## wheel, source archive and bill of materials with licences (CycloneDX) into dist/
	@$(BIN)/python tools/release.py

wheel-test: $(VENV)/.dev  ## build the wheel, install it elsewhere and plan all systems with it
	@$(PYTEST) -n 2 -m wheel

engine-test: $(VENV)/.dev $(ENGINE) $(ORACLES) site  ## the tests that use the real engine, servers, Node, Chromium and the AWS provider
	@$(PYTEST) -n 2 --dist loadscope -m "engine or servers or node or browser or provider or long"

bench: $(VENV)/.dev  ## the measurements (ratios inside one run)
	@$(BIN)/python -m bench

approve: $(VENV)/.dev  ## accept the names of resources and the rows of declarations as they are now (read the difference)
	@$(BIN)/python -m tests.systems.test_approved_names
	@$(BIN)/python -m tests.registry.rows

replacing: $(VENV)/.dev  ## ask the AWS provider and CloudFormation again what replaces a resource (needs terraform)
	@$(BIN)/python -m tools.replacement

docs: $(VENV)/.runtime  ## regenerate the reference and the JSON Schema from the settings
	@$(BIN)/trellis schema --write docs

$(VENV)/.site: $(VENV)/.runtime requirements-site.lock
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --require-hashes -r requirements-site.lock
	@touch $@

site: $(VENV)/.site  ## build the documentation as pages into build/site
	@$(BIN)/python -m tools.website

lock: $(VENV)/.tools  ## resolve the pinned locks again
	@$(LOCK) pyproject.toml -o requirements.lock
	@$(LOCK) --extra build -c requirements.lock pyproject.toml -o requirements-images.lock
	@$(LOCK) --extra lsp -c requirements.lock pyproject.toml -o requirements-editors.lock
	@$(LOCK) --extra build --extra lsp --group dev -c requirements-images.lock -c requirements-editors.lock pyproject.toml -o requirements-dev.lock
	@$(LOCK) -c requirements.lock requirements-tools.in -o requirements-tools.lock
	@$(LOCK) requirements-release.in -o requirements-release.lock
	@$(LOCK) -c requirements-dev.lock requirements-site.in -o requirements-site.lock
	@$(LOCK) -c requirements.lock policies/requirements.in -o policies/requirements.txt
	@! command -v npm >/dev/null || (cd tests/node && npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund --silent)

clean:  ## remove what the targets made
	@rm -rf $(VENV) .engine build dist .hypothesis .ruff_cache
