# make run [PORT=8123] [DATA=folder] [DEMO=0]   the whole site on this machine
# make test | lint | format | bench             what developers and .ci/run call

PORT ?= 8000
DATA ?= $(or $(DATA_DIR),var)
PYTHON := .venv/bin/python
# A file stays in one process: its tests share what is slow to start (tests/promises/test_up.py). In the
# order of the folders, the files that mostly wait run beside those that work, not all at the end.
TEST := $(PYTHON) -m pytest -n auto --dist loadfile --no-loadscope-reorder
SCRIPTS := .ci/install .ci/production_shape
TEMPLATES = $(shell find templates gallery providers -path '*templates/*' \( -name '*.html' -o -name '*.svg' \))
DJHTML := .venv/bin/djhtml --tabwidth 2
DJCSS := .venv/bin/djcss --tabwidth 2
DJADE := .venv/bin/djade --target-version 5.2

.PHONY: run test lint format bench packages dev-packages

run: packages
	@DATA_DIR="$(DATA)" exec $(PYTHON) manage.py up --port "$(PORT)" --follow-parent

test: dev-packages
	$(TEST) -m "not browser and not production_shape"

lint: dev-packages
	.venv/bin/ruff check . $(SCRIPTS)
	.venv/bin/ruff format --check . $(SCRIPTS)
	@$(DJHTML) --check $(TEMPLATES)
	@$(DJADE) --check $(TEMPLATES)
	@.venv/bin/djangofmt check --output-format concise $(filter %.html,$(TEMPLATES))
	@$(DJCSS) --check static/css/*.css
	.venv/bin/mypy gallery providers tests benchmarks
	.venv/bin/lint-imports

format: dev-packages
	.venv/bin/ruff format . $(SCRIPTS)
	@-$(DJHTML) $(TEMPLATES)
	@-$(DJADE) $(TEMPLATES)
	@-$(DJCSS) static/css/*.css

bench: dev-packages
	$(PYTHON) -m benchmarks

packages:
	@.ci/install requirements.txt

dev-packages:
	@.ci/install requirements-dev.txt
	@$(PYTHON) -m gallery.translations
