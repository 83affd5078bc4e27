# Two commands matter: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DONE := $(VENV)/.installed
export DBT_SEND_ANONYMOUS_USAGE_STATS := 0
export DO_NOT_TRACK := 1

.PHONY: help demo test check check-types check-sql check-style check-yaml soak test-spark bench-sandbox bench-extract bench-peers bench-sync bench-transform dev install clean

help: ## Show the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

install: $(DONE) ## Create .venv and install everything into it

$(DONE): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  || { echo "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=python3.12 ..."; exit 2; }
	@echo "1/3 Creating $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "2/3 Fetching the installer ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt uv
	@echo "3/3 Installing about 180 packages, 900 MB (one or two minutes) ..."
# uv takes a third of pip's time, but does not read pip's configuration (mirrors, certificates).
	@$(BIN)/uv pip install --quiet --system-certs --python $(BIN)/python --compile-bytecode \
	    -c constraints.txt -e '.[dev]' \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(DONE)

demo: $(DONE) ## Both sandbox CRMs through the whole loop (ONCE=1: end after the summary)
	@$(BIN)/leadcycle demo $(if $(ONCE),--once)

test: $(DONE) check ## Lint, types, contracts, dbt unit tests, Python tests, one end-to-end run
	@$(BIN)/python -m pipelines.project
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: $(DONE) ## Lint, types, contracts; two at a time, as types take as long as all else
	@$(MAKE) --no-print-directory --jobs=2 check-types check-sql check-style check-yaml

check-types: $(DONE)
	@$(BIN)/mypy

check-sql: $(DONE)
	@$(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models

check-style: $(DONE)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports --no-cache

check-yaml: $(DONE)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/dg check yaml

soak: $(DONE) ## The long versions: many kills, many random cases
	@$(BIN)/python -m pipelines.project
	@LEADCYCLE_SOAK=1 $(BIN)/python -m pytest -m "not spark" -n 3 --dist loadfile --no-loadscope-reorder
	@$(MAKE) --no-print-directory test-spark

test-spark: $(DONE) ## The same tables on Spark (installs 0.5 GB; needs Java 17; half an hour)
	@command -v java > /dev/null \
	  || { echo "Spark needs Java 17, e.g. apt-get install openjdk-17-jre-headless (docs/scale.md)"; exit 2; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[spark]'
	@$(BIN)/python -m pipelines.project
	@$(BIN)/python -m pytest -m spark -s tests/spark

bench-sandbox: $(DONE) ## How fast the sandbox CRMs fill and answer (PEOPLE=1000000 for the biggest)
	@$(BIN)/python -m bench.sandbox $(if $(PEOPLE),--people $(PEOPLE))

bench-extract: $(DONE) ## How fast extraction is, beside how fast it could be (ROWS=1000000: ten times)
	@$(BIN)/python -m bench.extract $(if $(ROWS),--rows $(ROWS))

bench-sync: $(DONE) ## What writing one value into many records costs, beside what it must (ROWS=1000: a hundredth)
	@$(BIN)/python -m bench.sync $(if $(ROWS),--rows $(ROWS))

bench-transform: $(DONE) ## How long lake to marts takes for a million people (PEOPLE=100000: a tenth of it)
	@$(BIN)/python -m bench.transform $(if $(PEOPLE),--people $(PEOPLE))

bench-peers: $(DONE) ## Extractors of others on the same sandbox (installs them under .leadcycle)
	@$(BIN)/python -m bench.peers $(if $(ROWS),--rows $(ROWS))

dev: $(DONE) ## Dagster with its daemon on http://127.0.0.1:3000, for your own CRMs
	@$(BIN)/dagster dev --host 127.0.0.1 --port 3000

clean: ## Remove what runs left behind (not .venv)
	@rm -rf .leadcycle dbt_project/target dbt_project/logs
