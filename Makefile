# The doors. `make sync` and `make test` work from a bare machine with Python 3.11 to 3.13.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
GOVUK_FRONTEND := 6.6.0
AXE_CORE := 4.14.1
MESH_SANDBOX := 1.0.137
SOURCES := dags hub connectors quality schemas simulators bench tests

# Without compiled bytecode every Airflow process starts three times slower.
unexport PYTHONDONTWRITEBYTECODE
# Downloading an interpreter is not ours to do: the one that is there is used.
export UV_PYTHON_DOWNLOADS := never

.PHONY: help env sync test soak check format ui bench lock assets clean

help:
	@echo "make sync     tonight's night among simulated partners, from a bare machine"
	@echo "make test     every test"
	@echo "make soak     the tests that take many minutes: two workers, and one that stands still, 50 times"
	@echo "make check    the gate: style, types, imports, secrets"
	@echo "make ui       Airflow with its schedule, kept running (port 8080)"
	@echo "make bench    the benchmark (BENCH_RECORDS=1000000, BENCH_DATASET_ROWS=100000)"
	@echo "make env      the environment alone"
	@echo "make format   put the code into the house style"
	@echo "make lock     resolve the dependencies anew"
	@echo "make assets   fetch the pages' stylesheet anew (needs npm)"

env: $(VENV)/ready

$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		|| { echo "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=/path/to/python3.12 env"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

sync: env
	@$(BIN)/hub simulate -- $(BIN)/hub night

test: env
	$(BIN)/python -m pytest -n 2 --dist loadfile

soak: env
	$(BIN)/python -m pytest -n 2 --dist loadfile -m soak

check: env
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml dags hub connectors quality schemas
	git ls-files -z | xargs -0 $(BIN)/detect-secrets-hook --baseline .secrets.baseline
	$(BIN)/hadolint Dockerfile
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(BIN)/compose-lint check --no-env --fail-on low docker-compose.yml

format: env
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

ui: env
	@$(BIN)/hub ui

bench: env
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.dataset
	@$(BIN)/python -m bench.pages

LOCKED := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header pyproject.toml

# The image's list is the part of the whole that runs: no test tools in it.
lock:
	$(LOCKED) --all-extras --output-file requirements.lock
	$(LOCKED) --extra simulators --constraint requirements.lock --output-file requirements.image.lock
	echo mesh-sandbox==$(MESH_SANDBOX) | $(LOCKED:pyproject.toml=-) --output-file tests/servers/mesh_sandbox.lock

assets: env
	@there=$$(mktemp -d) && trap 'rm -rf "$$there"' EXIT \
		&& npm install --prefix "$$there" --silent --no-save --no-package-lock --ignore-scripts \
			govuk-frontend@$(GOVUK_FRONTEND) axe-core@$(AXE_CORE) \
		&& $(BIN)/python -m quality.reports.assets.build "$$there/node_modules" \
		&& cp "$$there/node_modules/axe-core/axe.min.js" tests/reports/axe/

clean:
	rm -rf $(VENV) .venv-peers var
