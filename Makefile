# Every target sets up what it needs by itself: virtual environments come from pyproject.toml's extras.
PYTHON ?= python3
export FROM REUSE FRESH KEEP_SITE SITE_RUN PYTEST_ARGS SITE_LANGUAGE FRAPPE_BENCH VERBOSE SIZE PEER PEER_LIMIT RUNS ONLY ROWS SITE URL WALK WALK_ARGS EVENTS

.DEFAULT_GOAL := help
.PHONY: help site start stop test test-unit test-site test-migration test-browser test-kill tour bench bench-duplicates bench-import bench-inbox demo-inbox lint format clean

help: ## List the targets
	@echo "Usage: make TARGET"
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  FRAPPE_BENCH=/path/to/bench   the bench to use (default ~/frappe-bench)"
	@echo "  PYTEST_ARGS='-k lead'         passed on to pytest"
	@echo "  REUSE=1                       site tests: keep one site between runs and only synchronise it (FRESH=1 renews it)"
	@echo "  CLOCK='2026-12-31 23:50'      unit and site tests: as if it were then in Riyadh (needs faketime)"
	@echo "  KEEP_SITE=1                   site tests: leave the throw-away site in place and say where it is"
	@echo "  SIZE=m PEER=0 PEER_LIMIT=300  bench: how much data; without ERPNext's reports; their time limit in seconds (60)"
	@echo "  SITE_LANGUAGE=ar              language in which a new site is set up (en or ar)"

site: ## Create or update http://dafater.localhost:8000 with ERPNext, the app and sample data, and serve it
	@$(PYTHON) scripts/make_site.py

start: ## Serve the site that `make site` made
	@$(PYTHON) scripts/serve.py start

stop: ## Stop serving it
	@$(PYTHON) scripts/serve.py stop

test: ## Unit tests, site tests where a bench is found, and browser tests where Chromium is found too
	@$(PYTHON) scripts/run_tests.py unit site browser

test-unit: ## Unit tests only: no Frappe, no database
	@$(PYTHON) scripts/run_tests.py unit

test-site: ## Site tests only, on a throw-away site of the bench
	@$(PYTHON) scripts/run_tests.py site

test-kill: ## Kill the inbox's workers at any moment of EVENTS=10000 messages: none lost, none doubled
	@DAFATER_INBOX_EVENTS=$${EVENTS:-10000} PYTEST_ARGS="tests/site/test_inbox_races.py -q -s -k killed_at_any_moment_lose" $(PYTHON) scripts/run_tests.py site

test-browser: ## Two agents in Chromium on a served throw-away site; WALK=selling, leads, reports or all for the other walks
	@$(PYTHON) scripts/test_browser.py

test-migration: ## Install the release FROM=<tag>, migrate it to this checkout, run the site tests there
	@$(PYTHON) scripts/test_migration.py

tour: ## Walk a made-up company from 25 leads to paid invoices on a throw-away site, and check every figure
	@$(PYTHON) scripts/tour.py

bench: ## Measure our nine reports beside ERPNext's on SIZE=s, m or l (10k, 100k, 1M leads); see benchmarks/README.md
	@$(PYTHON) scripts/bench.py

bench-import: ## Import 50,000 leads beside Frappe's Data Import into ERPNext's Lead: rows a second, statements a row
	@$(PYTHON) scripts/bench_import.py

bench-inbox: ## Measure the webhook beside ping, and the inbox's lists over 1,000,000 messages
	@$(PYTHON) scripts/bench_inbox.py

demo-inbox: ## Deliver a day of conversations over three channels to a site that is served: SITE=name URL=http://127.0.0.1:8000
	@$(PYTHON) scripts/demo_inbox.py

lint: ## ruff, import-linter, semgrep with our own rules, and our own checks
	@$(PYTHON) scripts/lint.py

format: ## Let ruff format the Python files
	@$(PYTHON) scripts/lint.py --fix

bench-duplicates: ## Measure duplicate detection on 50,000 made-up leads: precision, recall, seconds; SITE_RUN=1: the nightly search of a site
	@$(PYTHON) scripts/bench_duplicates.py $(BENCH_ARGS)

clean: ## Remove environments, scratch files and kept test sites of this checkout
	@$(PYTHON) scripts/clean.py
