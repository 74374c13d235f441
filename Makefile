# Two commands are enough: `make demo` and `make test`. Both set everything up first.
# Needs Python 3.11+, git and make. `make help` lists the rest.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := setup
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
PYTEST_WORKERS ?= 2
ROWS ?= 1000000
KILLS ?= 200
FILES ?= 500
ROUNDS ?= 20000
# SECONDS counts only where it was given to make: the shell has one of its own
FUZZ_SECONDS := $(if $(filter command line,$(origin SECONDS)),$(SECONDS),0)
SEED ?= 1
SAMPLED ?= 10000
MEGABYTES ?= 2000
TIMES ?= 5
DEMO_ARGUMENTS ?= --out out/demo

# $(call step,NAME,COMMAND,WHAT TO DO): prints the name, runs, says how long, fails clearly.
define step
	@echo "== $(1)"; start=$$SECONDS; \
	if $(2); then echo "   $(1): ok ($$((SECONDS - start)) s)"; \
	else echo "error: $(1) failed: $(3)" >&2; exit 1; fi
endef

.PHONY: setup
setup: ## set up .venv/ (uv, hash pinned, then uv.lock); the command is then .venv/bin/witnessmark
	@tools/bootstrap

.PHONY: demo
demo: setup ## the whole flow on the first case; ends by naming the dossier
	@$(BIN)/witnessmark demo $(DEMO_ARGUMENTS)

.PHONY: test
test: absent format lint types rooms dead docs unit ## everything CI checks, in its order

.PHONY: absent
absent: setup # what this machine lacks, so that a skipped test surprises nobody
	@tools/show-absent

.PHONY: format
format: setup ## formatting (check only; `make fix` changes files)
	$(call step,format,$(BIN)/ruff format --check --quiet .,run make fix)

.PHONY: lint
lint: setup ## ruff, every rule
	$(call step,lint,$(BIN)/ruff check --quiet .,read the lines above)

.PHONY: types
types: setup ## mypy strict and basedpyright strict
	$(call step,types (mypy),$(BIN)/mypy --no-error-summary,read the lines above)
	$(call step,types (basedpyright),$(BIN)/basedpyright --level error,read the lines above)

.PHONY: rooms
rooms: setup ## imports point down, stages apart, every folder has a floor
	$(call step,rooms,$(BIN)/lint-imports --no-logo >.tools/rooms.log 2>&1 || { cat .tools/rooms.log; false; },see docs/adr/0002)

.PHONY: dead
dead: setup ## dead code and unused or undeclared dependencies
	$(call step,dead code,$(BIN)/python tools/find_dead_code.py,remove it or use it)
	$(call step,dependencies,$(BIN)/deptry src >.tools/deptry.log 2>&1 || { cat .tools/deptry.log; false; },declare or remove them in pyproject.toml)

.PHONY: docs
docs: setup ## the documentation, warnings are errors (docs/_build/html)
	$(call step,docs,$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html,read the lines above)

.PHONY: unit
unit: setup ## the tests
	$(call step,tests,$(BIN)/pytest -rs -n $(PYTEST_WORKERS) --dist loadfile,read the lines above)

.PHONY: engines
engines: setup ## the trace tests with Spark among the engines (an environment of its own, 1.5 GB; needs Java)
	@if ! command -v java >/dev/null; then echo "== engines: skipped, Java is absent (apt-get install default-jre-headless)"; exit 0; fi; \
	echo "== engines (with Spark)"; \
	UV_PROJECT_ENVIRONMENT=.tools/spark UV_PYTHON_DOWNLOADS=never .tools/uv/bin/uv sync --quiet --frozen --python $(BIN)/python --extra spark; \
	.tools/spark/bin/python -m pytest tests/unit/stages/trace

.PHONY: wheel
wheel: setup ## build the wheel into dist/
	@rm -rf dist
	$(call step,wheel,.tools/uv/bin/uv build --quiet --wheel --python $(BIN)/python --build-constraints tools/build-requirements.txt --require-hashes --out-dir dist,read the lines above)

.PHONY: wheel-demo
wheel-demo: wheel ## install the wheel into an empty environment and run the demo from it
	$(call step,wheel demo,tools/run-demo-from-wheel,read the lines above)

.PHONY: size
size: wheel ## measure the installed size, without development tools and without spark
	@tools/measure-installed-size

.PHONY: bench
bench: setup ## the trace engines on a generated file: same rows, time, memory (ROWS=1000000)
	@mkdir -p out
	@$(BIN)/python bench/trace/generate.py $(ROWS) out/bench.parquet
	@$(BIN)/python bench/trace/compare.py out/bench.parquet

.PHONY: corpus
corpus: setup ## check the labelled text: labels, quotes, frames, novelty, the frozen test split
	$(call step,corpus,$(BIN)/python tools/check_corpus.py,read the lines above)

.PHONY: model
model: setup ## make the weights of the reading model from corpus/train (an environment of its own; a few minutes)
	@UV_PROJECT_ENVIRONMENT=.tools/train UV_PYTHON_DOWNLOADS=never .tools/uv/bin/uv sync --quiet --frozen --python $(BIN)/python --group train
	@OMP_NUM_THREADS=1 .tools/train/bin/python tools/train_reader.py

.PHONY: scores
scores: setup ## how well the reading stage reads: the frozen test split, with intervals
	@$(BIN)/python bench/read/score.py --brief

# Slow campaigns: short forms of them run in `make test`.

.PHONY: kill
kill: setup ## kill a capture at KILLS random moments of FILES files (200, 500; SEED=1), plain and sealed
	$(call step,kill,$(BIN)/python tools/kill_captures.py $(KILLS) $(FILES) $(SEED),the case is kept: run witnessmark verify on it)

.PHONY: fuzz
fuzz: setup ## spoil ROUNDS good files at random, or for SECONDS, and read them by every parser (20000; SEED=1)
	$(call step,fuzz,$(BIN)/python tools/fuzz_readers.py --rounds $(ROUNDS) --seconds $(FUZZ_SECONDS) --seed $(SEED),the file that did it is kept in out/fuzz)

.PHONY: tamper
tamper: setup ## flip every bit of a sealed case's log and metadata, and SAMPLED others (10000; SEED=1)
	$(call step,tamper,$(BIN)/python tools/campaign_tamper.py $(SAMPLED) $(SEED),each line names a flip that verify missed)

.PHONY: bench-custody
bench-custody: setup ## speed of the vault against openssl, an fsynced copy and age; memory (MEGABYTES=2000)
	@$(BIN)/python bench/custody/compare.py $(MEGABYTES)

.PHONY: bench-read
bench-read: setup ## speed, loading and memory of the reading stage beside spaCy's small English pipeline
	@UV_PROJECT_ENVIRONMENT=$(CURDIR)/.tools/peers/spacy UV_PYTHON_DOWNLOADS=never .tools/uv/bin/uv sync --quiet --frozen --no-build --project bench/peers/spacy --python $(CURDIR)/$(BIN)/python
	@$(BIN)/python bench/read/compare.py

.PHONY: repeat
repeat: setup ## the tests TIMES times, each in another order and with other examples (5)
	@for time in $$(seq $(TIMES)); do $(MAKE) unit; done

.PHONY: pictures
pictures: demo ## look at the demo's dossier: Chromium, 390 and 1280 px, light and dark (out/pictures)
	@$(BIN)/python tools/picture_dossier.py out/demo/dossier/*.html out/pictures

.PHONY: generate
generate: setup ## write again what is generated: docs/commands.md, tables, rules; the demo's files
	@$(BIN)/python tools/make_literals.py
	@$(BIN)/python tools/make_reference_docs.py
	@$(BIN)/python tools/make_demo_shipments.py

.PHONY: fix
fix: setup ## format, and apply ruff's safe fixes
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

.PHONY: clean
clean: ## remove what make made
	@rm -rf .venv .tools dist docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## */\1\t/' | expand -t 12
