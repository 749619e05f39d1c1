# make demo, make test: each makes its own virtual environment first. Needs python3 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export NUMBA_CACHE_DIR ?= $(CURDIR)/.numba_cache
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: demo test lint bench clean

demo: $(VENV)/core
	$(BIN)/filmcell reproduce wang2023 --figures out/wang2023 --json out/wang2023/claims.json
	$(BIN)/filmcell reproduce danilov2011 --figures out/danilov2011 --json out/danilov2011/claims.json
	$(BIN)/filmcell reproduce tan2021-llto --figures out/tan2021-llto --json out/tan2021-llto/claims.json
	$(BIN)/filmcell reproduce raijmakers2020 --figures out/raijmakers2020 --json out/raijmakers2020/claims.json

test: $(VENV)/test
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

lint: $(VENV)/lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/bench
	$(BIN)/python benchmarks/bench_film.py
	$(BIN)/python benchmarks/bench_weak.py
	$(BIN)/python benchmarks/bench_models.py
	$(BIN)/python benchmarks/bench_eis.py
	$(BIN)/python benchmarks/bench_kk.py
	$(BIN)/python benchmarks/bench_materials.py
	$(BIN)/python benchmarks/bench_import.py
	$(BIN)/python benchmarks/bench_sweep.py
	$(BIN)/python benchmarks/bench_universal.py
	$(BIN)/python benchmarks/bench_scaling.py

clean:
	rm -rf $(VENV) .numba_cache out

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# each environment is marked by a file that is older than what it was made from
$(VENV)/core: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) -c constraints.txt -e .
	touch $@

$(VENV)/test: $(VENV)/core
	$(PIP) -c constraints.txt -e ".[test,xarray,sundials,pybamm,biologic,cluster,optimise,sensitivity,galpynostatic]"
	touch $@

$(VENV)/lint: $(VENV)/core
	$(PIP) -c constraints.txt -e ".[lint]"
	touch $@

$(VENV)/bench: $(VENV)/test
	touch $@
