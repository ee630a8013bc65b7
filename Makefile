# make run [PORT=8123] [DATA=folder] [DEMO=0]   the whole site on this machine
# make test | lint | bench                      what developers and .ci/run call

PORT ?= 8000
DATA ?= $(or $(DATA_DIR),var)
PYTHON := .venv/bin/python
# A file stays in one process: its tests share what is slow to start (tests/promises/test_up.py). In the
# order of the folders, the files that mostly wait run beside those that work, not all at the end.
TEST := $(PYTHON) -m pytest -n auto --dist loadfile --no-loadscope-reorder
SCRIPTS := .ci/install .ci/production_shape

.PHONY: run test lint bench packages dev-packages

run: packages
	@DATA_DIR="$(DATA)" exec $(PYTHON) manage.py up --port "$(PORT)" --follow-parent

test: dev-packages
	$(TEST) -m "not browser and not production_shape"

lint: dev-packages
	.venv/bin/ruff check . $(SCRIPTS)
	.venv/bin/ruff format --check . $(SCRIPTS)
	.venv/bin/mypy gallery providers tests benchmarks
	.venv/bin/lint-imports

bench: dev-packages
	$(PYTHON) -m benchmarks

packages:
	@.ci/install requirements.txt requirements-demo.txt

dev-packages:
	@.ci/install requirements-dev.txt
	@$(PYTHON) -m gallery.translations
