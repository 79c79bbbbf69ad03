# SPDX-License-Identifier: Apache-2.0
# The front door. Everything real is in CMakeLists.txt and CMakePresets.json.
#
#   make          build/release/kramers
#   make demo     build, quick validation of the theory, tables and figures in runs/demo
#   make test     build and pass every test; ends with "N passed, N failed"
#   make bench    particle-steps per second
#   make calibrate  statistical tests on fresh seeds: how often they fail although nothing is wrong
#   make format   clang-format over the tree
#   make clean    forget build/

JOBS ?= $(shell nproc)
# A folder that does not exist yet; make demo OUT=… chooses another.
OUT ?= runs/demo
RELEASE := build/release
KRAMERS := $(RELEASE)/kramers
PYTHON := $(shell command -v /usr/bin/python3 || command -v python3)

.PHONY: all dependencies configure demo test bench calibrate format clean
.DEFAULT_GOAL := all

all: configure
	@cmake --build $(RELEASE) --target kramers -j $(JOBS)

dependencies:
	@sh cmake/install-dependencies.sh

configure: dependencies
	@cmake --preset release --log-level=WARNING >/dev/null

demo: all
	@status=0; $(KRAMERS) validate --level quick --force --out $(OUT) || status=$$?; \
	echo; \
	echo "executable  $(KRAMERS)   (try: $(KRAMERS) list)"; \
	echo "this run    $(OUT)   (report.json, tables as CSV, figures/ as PDF and PNG)"; \
	echo "redraw      $(KRAMERS) plot $(OUT)"; \
	exit $$status

test: configure
	@cmake --build $(RELEASE) -j $(JOBS)
	@$(PYTHON) tests/run_all.py $(RELEASE)/tests/manifest.json --jobs $(JOBS)

bench: all
	@$(KRAMERS) bench

# ROUNDS fresh seeds; prints the failures per assertion next to the 1e-6 each one claims.
ROUNDS ?= 20
calibrate: configure
	@cmake --build $(RELEASE) -j $(JOBS) --target tests_statistical
	@$(PYTHON) tests/calibrate.py $(RELEASE)/tests/tests_statistical --rounds $(ROUNDS)

format:
	@$(PYTHON) tests/checks/format.py . --fix

clean:
	@rm -rf build
