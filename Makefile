# make run   starts Sapat on an embedded database; make test proves it. Both set themselves up.
.PHONY: run test lint bench lock messages clean
PYTHON ?= python3
BIN := .venv/bin
# uv does not read pip's settings: where it cannot reach the packages, pip does what takes it a little longer.
export UV_HTTP_TIMEOUT ?= 20
export UV_HTTP_RETRIES ?= 1
export UV_NATIVE_TLS ?= 1

run: .venv/run.stamp
	@$(BIN)/sapat serve

test: .venv/dev.stamp
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(PYTEST)

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/dev.stamp
	$(BIN)/python -m benchmarks

# The locks name versions and hashes, no address: whoever installs decides where from.
lock: .venv/uv.stamp
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 pyproject.toml -o requirements/run.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 --extra dev pyproject.toml -o requirements/dev.lock
	echo 'uv==0.13.8' | $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate - -o requirements/uv.lock

messages: .venv/dev.stamp
	$(BIN)/python -m service.locale

clean:
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/uv.stamp: requirements/uv.lock
	@$(PYTHON) -c 'import sys; sys.exit("Sapat needs Python 3.11 or newer; this is %s. Try: make PYTHON=python3.12 run" % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.lock
	@touch $@

.venv/run.stamp: requirements/run.lock pyproject.toml | .venv/uv.stamp
	@echo "Installing Sapat into .venv ..."
	@$(BIN)/uv pip install -q --require-hashes -r requirements/run.lock || $(BIN)/python -m pip install -q --require-hashes -r requirements/run.lock
	@$(BIN)/uv pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements/dev.lock .venv/run.stamp
	@$(BIN)/uv pip install -q --require-hashes -r requirements/dev.lock || $(BIN)/python -m pip install -q --require-hashes -r requirements/dev.lock
	@touch $@
