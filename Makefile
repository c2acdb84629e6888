# `make demo` and `make test` work on a fresh machine with Python 3.11 or newer. Each installs what it needs into .venv.
PYTHON ?= python3
BIN := .venv/bin
# What looks at dates.
LATER := tests/crawl/test_only_new.py tests/crawl/test_drift.py tests/crawl/test_schedule.py tests/crawl/test_crawl_ways_in.py \
	tests/monitoring tests/politeness tests/discovery tests/tools/reports tests/storage/test_visits.py \
	tests/storage/test_text_window.py tests/storage/test_quarantine.py tests/text/test_dates.py tests/text/test_date_languages.py
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
DEMO_STAMP := .venv/.installed-demo
STAMP := .venv/.installed-dev

.PHONY: demo test test-later mutants check format venv peers spark generated clean

demo: $(DEMO_STAMP)
	@$(BIN)/newscrawl demo

test: $(STAMP)
	$(BIN)/python -m pytest -n auto --dist worksteal

# The tests that look at dates, on a clock that is 60 and 400 days ahead.
test-later: $(STAMP)
	for days in 60 400; do \
		TEST_LATER_DAYS=$$days PYTHONPATH=tests/later $(BIN)/python -m pytest -n auto --dist worksteal $(LATER) || exit 1; \
	done

# Changes the code and counts the changes that no test notices: make mutants ONLY=newscrawl/dedup SAMPLE=100
mutants: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[mutants]'
	$(BIN)/python -m benchmarks.mutants $(if $(ONLY),--only $(ONLY)) $(if $(SAMPLE),--sample $(SAMPLE))

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/test_docs.py

venv: $(STAMP)

# The readers that benchmarks/compare.py compares with. The pip of Python 3.11 stops at an internal error on
# packages that spell an extra of lxml differently, so pip comes first.
peers: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25'
	$(PIP) -e '.[peers]'

# What the documented line for Spark is tested with: 435 MB to download, 520 on disk, and Java 17 from the system.
spark: $(STAMP)
	$(PIP) -e '.[spark]'

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The files made from items.py (JSON Schema, DuckDB views, docs/fields.md) and from the site files (docs/sites.md)
generated: $(STAMP)
	$(BIN)/python -m newscrawl.schema
	$(BIN)/python -m newscrawl.tools.reports.sites_page

# The tests need every extra but spark and peers; the demo needs the core, query and web.
$(STAMP): pyproject.toml constraints.txt
	$(MAKE_VENV)
	@echo "installing newscrawl and its development tools into .venv (once; a minute or two)"
	@$(PIP) -e '.[dev]'
	@touch $(DEMO_STAMP) $@

$(DEMO_STAMP): pyproject.toml constraints.txt
	$(MAKE_VENV)
	@echo "installing newscrawl into .venv (once; half a minute)"
	@$(PIP) -e '.[query,web]'
	@touch $@

define MAKE_VENV
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "newscrawl needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	{ echo "this Python cannot make virtual environments; on Debian: apt-get install python3-venv"; exit 1; }
@$(PYTHON) -m venv .venv
endef

clean:
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
