# One command per wish. Each sets up what it needs in .venv, from the lock files, and is quick the second time.
SHELL := /bin/bash
PY := .venv/bin/python
PORT ?= 8000
PUPILS ?= 5000
# Where Python may not keep what it compiled, each process that starts compiles all of Schakel again.
unexport PYTHONDONTWRITEBYTECODE
# Thousands of small questions to DuckDB are mostly asking for memory: where Debian's tcmalloc is, the tests are quicker.
QUICK = LD_PRELOAD="$$(ls /usr/lib/*/libtcmalloc_minimal.so.4 2>/dev/null | head -n 1)"

.PHONY: demo test check bench soak tenth texts lock clean

demo: .venv/ready
	.venv/bin/schakel --data demo-data demo --pupils $(PUPILS) --port $(PORT)

test: .venv/ready-dev
	bash tools/bring_parts.sh
	$(QUICK) $(PY) -m pytest -n 2 --dist loadscope --no-loadscope-reorder -m "not soak" $(ARGS)

check: .venv/ready-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/mypy
	DJANGO_SETTINGS_MODULE=schakel.config.settings SCHAKEL_DATA=$$(mktemp -d) $(PY) -m django makemigrations --check --dry-run
	$(PY) tools/texts.py check
	$(PY) tools/manual.py check

bench: .venv/ready-bench
	$(PY) bench/run.py

tenth: .venv/ready-dev
	bash tools/bring_parts.sh
	$(QUICK) SCHAKEL_TENTH=1 $(PY) -m pytest -n 2 --dist worksteal -m soak $(ARGS)

soak: .venv/ready-dev
	bash tools/bring_parts.sh
	SCHAKEL_SOAK=1 $(PY) -m pytest -n 2 --dist loadscope --no-loadscope-reorder $(ARGS)

texts: .venv/ready-dev
	$(PY) tools/texts.py update
	$(PY) tools/manual.py update

lock:
	uv lock --python 3.11
	uv export --quiet --format requirements.txt --no-emit-project --group build --no-header --no-annotate -o requirements.lock
	uv export --quiet --format requirements.txt --no-emit-project --group build --group dev --no-header --no-annotate -o requirements-dev.lock
	uv export --quiet --format requirements.txt --no-emit-project --group build --group dev --group bench --no-header --no-annotate -o requirements-bench.lock

.venv/ready: requirements.lock pyproject.toml
	bash tools/set_up.sh requirements.lock
	touch $@

.venv/ready-dev: requirements-dev.lock pyproject.toml
	bash tools/set_up.sh requirements-dev.lock
	touch .venv/ready $@

.venv/ready-bench: requirements-bench.lock pyproject.toml
	bash tools/set_up.sh requirements-bench.lock
	touch .venv/ready .venv/ready-dev $@

clean:
	rm -rf .venv demo-data bench/out
