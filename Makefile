# make run [PORT=8123] [DATA=folder] [DEMO=0]   the whole site on this machine
# make watch [PORT=] [DATA=]                    the same, started again when a file changes
# make shell [DATA=folder]                      Django's shell on its data
# make check                                    lint, types, quick tests: before each commit
# make test [FILE=tests/...] [K=words]          all tests, those of a file or folder, those with such a name
# make format | lint | coverage | bench         see CONTRIBUTING.md

PORT ?= 8000
DATA ?= $(or $(DATA_DIR),var)
PYTHON := .venv/bin/python
# A file stays in one process: its tests share what is slow to start (tests/promises/test_up.py). In the
# order of the folders, the files that mostly wait run beside those that work, not all at the end.
PYTEST := -m pytest -n auto --dist loadfile --no-loadscope-reorder
SUITE := -m "not browser and not production_shape"
SCRIPTS := .ci/install .ci/production_shape
TEMPLATES = $(shell find templates gallery providers -path '*templates/*' \( -name '*.html' -o -name '*.svg' \))
DJHTML := .venv/bin/djhtml --tabwidth 2
DJCSS := .venv/bin/djcss --tabwidth 2
DJADE := .venv/bin/djade --target-version 5.2
SITE := DATA_DIR="$(DATA)" exec $(PYTHON) manage.py
# Much of what breaks first.
QUICK := tests/providers/test_orange_client.py tests/providers/test_xml.py tests/providers/test_paging.py \
	tests/promises/test_documents.py tests/gallery/test_catalogs.py tests/gallery/test_library.py \
	tests/gallery/test_keyset.py

.PHONY: run watch shell check test format lint coverage coverage-floor bench packages dev-packages

run: packages
	@$(SITE) up --port "$(PORT)" --follow-parent

watch: dev-packages
	@DATA_DIR="$(DATA)" exec .venv/bin/watchfiles --sigint-timeout 20 \
		"$(PYTHON) manage.py up --port $(PORT)" gallery providers templates static

shell: packages
	@$(SITE) shell

check: lint
	$(PYTHON) $(PYTEST) $(QUICK)

test: dev-packages
	$(PYTHON) $(if $(COVERAGE),-m coverage run) $(PYTEST) $(SUITE) $(if $(K),-k "$(K)") $(FILE)

format: dev-packages
	.venv/bin/ruff check --fix . $(SCRIPTS)
	.venv/bin/ruff format . $(SCRIPTS)
	@-$(DJHTML) $(TEMPLATES)
	@-$(DJADE) $(TEMPLATES)
	@-$(DJCSS) static/css/*.css

lint: dev-packages
	.venv/bin/ruff check . $(SCRIPTS)
	.venv/bin/ruff format --check . $(SCRIPTS)
	@$(DJHTML) --check $(TEMPLATES)
	@$(DJADE) --check $(TEMPLATES)
	@.venv/bin/djangofmt check --output-format concise $(filter %.html,$(TEMPLATES))
	@$(DJCSS) --check static/css/*.css
	.venv/bin/mypy gallery providers tests benchmarks
	.venv/bin/lint-imports

# The suite, and how many lines of each package it has run.
coverage: dev-packages
	$(PYTHON) -m coverage erase
	$(MAKE) test COVERAGE=1
	$(MAKE) coverage-floor

coverage-floor:
	$(PYTHON) -m coverage combine -q
	$(PYTHON) -m coverage report --include="providers/*"
	$(PYTHON) -m coverage report --include="gallery/*"

bench: dev-packages
	$(PYTHON) -m benchmarks

packages:
	@.ci/install requirements.txt requirements-demo.txt

dev-packages:
	@.ci/install requirements-dev.txt
	@$(PYTHON) -m gallery.translations
