# ZZ110 has two commands: `make run` and `make test`. The others are for those who work on it.
# Both set up .venv and node_modules first, where the lock files have changed since the last time.

PY := .venv/bin/python
# What production would have, for the checks of settings.py; no server is asked.
AS_IN_PRODUCTION := ZZ110_DEBUG=0 ZZ110_SECRET_KEY=only-for-the-check-and-long-enough-for-it-0123456789-abcdefghij \
	ZZ110_HOSTS=zz110.example ZZ110_ORIGINS=https://zz110.example \
	DATABASE_URL=postgresql:///zz110 REDIS_URL=redis://127.0.0.1:6379/0
# Some machines forbid Python to keep what it has compiled: then each of the hundred programs that a run starts would
# compile Django and all of us anew, which is two thirds of its start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test reset setup check js lock bench fuzz soak browser

run: setup  ## start everything, print the address; Ctrl-C stops it
	@exec $(PY) -m zz110.supervisor --stop-with-parent

test: setup browser check js  ## every check that CI runs
	@$(PY) -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

reset: setup  ## delete all data of the data folder (ZZ110_HOME, else var/)
	@exec $(PY) -m zz110.supervisor --reset

setup:
	@.ci/setup

browser: setup
	@.ci/browser

check: setup
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy .
	.venv/bin/lint-imports
	$(PY) manage.py catalogue check
	$(PY) manage.py catalogue compile
	$(AS_IN_PRODUCTION) $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(AS_IN_PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

js: setup
	@.ci/node --test tests/js/*.test.js

bench: setup
	$(PY) -m tests.bench.run

fuzz: setup
	$(PY) -m pytest -m fuzz

soak: setup
	$(PY) -m pytest -m soak

lock:  ## renew requirements.txt from requirements.in (needs uv)
	uv pip compile --universal --python-version 3.11 --no-header --no-annotate --generate-hashes --upgrade \
		--output-file requirements.txt requirements.in
	.ci/node npm install --package-lock-only
