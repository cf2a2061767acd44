# Needs make and Python 3.11 or later with venv; everything else is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --quiet
PEERS := benchmarks/peers/requirements

# Where it is set, each of the many processes of the tests would compile all it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check lint format serve migration docs bench pictures calibrate audit lock clean

demo: .venv/installed
	@$(BIN)/blindverse demo

serve: .venv/installed
	$(BIN)/blindverse migrate && $(BIN)/blindverse serve --reload

# A process for each core: more threads in each would only be in the others' way.
test: .venv/installed-dev
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n auto

check: lint test

lint: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

migration: .venv/installed-dev
	$(BIN)/alembic revision --autogenerate --message "$(m)" \
		--rev-id $$(printf '%04d' $$(($$(ls migrations/versions/*.py | wc -l) + 1)))

docs: .venv/installed-dev
	$(BIN)/python scripts/write_docs.py

pictures: .venv/installed-dev
	$(BIN)/python scripts/take_pictures.py

bench: .venv/installed-dev
	$(BIN)/python -m benchmarks
	@$(MAKE) --no-print-directory .venv/peers/installed || true
	$(BIN)/python -m benchmarks.peers
	$(BIN)/python -m benchmarks.million

calibrate: .venv/installed-dev
	$(BIN)/python scripts/calibrate.py

# Needs Node.js, Chromium and Firefox.
audit: .venv/installed-dev audit/node_modules
	$(BIN)/python scripts/audit.py

audit/node_modules: audit/package-lock.json
	cd audit && npm ci --no-audit --no-fund --loglevel=error
	touch $@

lock: .venv/installed-dev
	$(COMPILE) --upgrade --group build --output-file requirements.lock pyproject.toml
	$(COMPILE) --upgrade --group build --group dev --output-file requirements-dev.lock pyproject.toml
	$(COMPILE) --upgrade --output-file $(PEERS).lock $(PEERS).txt

clean:
	rm -rf .venv

.venv/bin/uv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| (echo "Blindverse needs Python 3.11 or later: make PYTHON=python3.12 ..." && exit 1)
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--requirement requirements-uv.lock

.venv/installed: .venv/bin/uv requirements.lock pyproject.toml
	@echo "Installing what requirements.lock names into .venv"
	$(BIN)/uv pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/uv pip install --quiet --no-build-isolation --no-deps --editable .
	touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	@echo "Installing what requirements-dev.lock names into .venv"
	$(BIN)/uv pip install --quiet --require-hashes --requirement requirements-dev.lock
	@test -n "$$(command -v chromium chromium-browser google-chrome)" \
		|| $(BIN)/playwright install chromium \
		|| echo "No Chromium could be installed: the browser tests will be skipped."
	touch $@

# What ours is compared with, rhyme detectors and arena-rank: they hold back versions of ours. Two also
# need the program espeak-ng, which the system's package manager has.
.venv/peers/installed: .venv/bin/uv $(PEERS).lock
	@echo "Installing what $(PEERS).lock names into .venv/peers"
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv/peers
	$(BIN)/uv pip install --quiet --require-hashes --python .venv/peers --requirement $(PEERS).lock
	touch $@
