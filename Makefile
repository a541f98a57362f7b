# The commands of this project. The work is done by cargo, CMake and the scripts in ci/.
#
# SPDX-License-Identifier: Apache-2.0
PREFIX ?= /usr/local
INSTALL_BUILD := build/install

.PHONY: help demo test bench header install uninstall clean
.DEFAULT_GOAL := help

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Two ResNets on one device: standalone, native and scheduled
	ci/demo.sh

test: ## Every check; installs what is missing
	ci/install_deps.sh test
	ci/all.sh

bench: ## Benchmarks: criterion, then each whole-process script of bench/
	cargo bench --package xsched
	for script in bench/*.sh; do echo "=== $$script"; "$$script" || exit; done
	@echo "results: target/criterion/report/index.html and reports/bench"

header: ## Bring include/xsched.h up to date with src/abi
	ci/header.sh --write

install: ## Install to PREFIX (default /usr/local); honours DESTDIR
	cmake -S . -B $(INSTALL_BUILD) -DCMAKE_INSTALL_PREFIX=$(PREFIX) -DXSCHED_BUILD_EXAMPLES=OFF
	cmake --build $(INSTALL_BUILD)
	cmake --install $(INSTALL_BUILD)

uninstall: ## Remove what the last install put there
	cmake --build $(INSTALL_BUILD) --target uninstall

clean: ## Remove everything built
	cargo clean
	rm -rf build
