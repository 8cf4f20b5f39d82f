# gongkai: the commands that people and CI both use.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: demo test test-services lint format eval bench load lock clean

demo: $(READY)
	$(BIN)/gongkai demo $(DEMO_ARGS)

# Files of tests side by side, as many as there are cores; tests/conftest.py says which go together.
test: $(READY)
	$(BIN)/pytest --numprocesses=auto --maxprocesses=4 --dist=loadgroup --no-loadscope-reorder $(PYTEST_ARGS)

# What needs a database or a cluster of its own (PostgreSQL, OpenSearch), and nothing else.
test-services: $(READY)
	$(BIN)/pytest -m services $(PYTEST_ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

eval: $(READY)
	$(BIN)/python -m benchmarks.relevance

bench: $(READY)
	$(BIN)/python -m benchmarks

load: $(READY)
	$(BIN)/python -m benchmarks.load

# Everything is installed from the lock file, by hash; the package itself without touching its dependencies.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "gongkai needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)

# Rewrites the lock after a change of dependencies in pyproject.toml; needs uv on the PATH.
lock:
	uv pip compile pyproject.toml --all-extras --group dev --group bench --universal --python-version 3.11 \
	    --generate-hashes --no-header --output-file requirements.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
