# Crease: build, test, show. `make help` lists the targets.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# Kernels are several times faster with fused multiply-add, which baseline x86-64 lacks. MARCH= turns it off.
CPU_FLAGS := $(shell grep -m1 '^flags' /proc/cpuinfo 2>/dev/null)
MARCH ?= $(if $(and $(filter avx2,$(CPU_FLAGS)),$(filter fma,$(CPU_FLAGS))),x86-64-v3)
MARCH_FLAGS := $(if $(MARCH),-Xswiftc -Xcc -Xswiftc -march=$(MARCH) -Xcc -march=$(MARCH))

# On Linux the released executable carries the Swift runtime: it starts faster and needs no toolchain.
# macOS (not run here) has the runtime in the system, and finds Homebrew's libraries in its prefix.
ifeq ($(shell uname -s),Linux)
PLATFORM_FLAGS := --static-swift-stdlib
else
BREW := $(shell brew --prefix 2>/dev/null)
DEBUG_FLAGS := $(if $(BREW),-Xcc -I$(BREW)/include -Xcc -I$(BREW)/opt/openblas/include -Xcc -I$(BREW)/opt/lapack/include \
  -Xlinker -L$(BREW)/lib -Xlinker -L$(BREW)/opt/openblas/lib -Xlinker -L$(BREW)/opt/lapack/lib)
PLATFORM_FLAGS := $(DEBUG_FLAGS)
endif
RELEASE_FLAGS := -c release $(MARCH_FLAGS) $(PLATFORM_FLAGS)

# Tests over many real networks read this folder; without it they are skipped.
DATA := $(wildcard ../shared/data)
ifneq ($(DATA),)
export CREASE_DATA ?= $(abspath $(DATA))
endif

SWIFT_FILES := Sources Tests Package.swift Benchmarks/Sources Benchmarks/Package.swift

.PHONY: help deps build demo test fuzz bench format lint docs

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## install the system libraries that are missing, nothing when all are there
	@Scripts/install-dependencies

build: deps ## build the release executable
	swift build $(RELEASE_FLAGS) --product crease
	@echo "built $$(swift build $(RELEASE_FLAGS) --show-bin-path)/crease"

demo: build ## compare three pairs of small real networks
	@Examples/demo.sh "$$(swift build $(RELEASE_FLAGS) --show-bin-path)/crease"

test: deps ## build and run the tests
	swift test --disable-xctest $(DEBUG_FLAGS)

fuzz: deps ## run the long mutation tests of the file readers
	CREASE_LONG_TESTS=1 swift test --disable-xctest $(DEBUG_FLAGS) --filter Mutation

bench: deps ## run the benchmarks (their own package)
	swift run --package-path Benchmarks -c release $(MARCH_FLAGS) $(DEBUG_FLAGS) bench $(BENCH)

format: ## format the Swift sources in place
	swift format --in-place --recursive $(SWIFT_FILES)

lint: ## check format, documentation, scripts, and that no build product is tracked
	swift format lint --strict --recursive $(SWIFT_FILES)
	@if command -v shellcheck > /dev/null; then shellcheck $$(git ls-files Scripts .ci 'Examples/*.sh'); \
	else echo "shellcheck is not installed; the scripts are not checked"; fi
	@tracked=$$(git ls-files | grep -E '(^|/)(\.build|\.swiftpm|__pycache__)/|(^|/)Package\.resolved$$|\.(o|a|so|dylib|swiftmodule|pyc)$$' || true); \
	if [ -n "$$tracked" ]; then printf 'these files should not be tracked:\n%s\n' "$$tracked"; exit 1; fi
	@echo "lint: clean"

docs: deps ## write the documentation to .build/docs
	Scripts/build-documentation .build/docs
