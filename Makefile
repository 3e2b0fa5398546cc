# flxchannel: `make demo` shows the whole job, `make test` proves it. Both install what is missing (see `make deps`).
# `make help` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

BUILD := .build-lib
PREFIX ?= /usr/local
# Which of the two libraries is installed.
VARIANT ?= standard
$(if $(filter standard slim,$(VARIANT)),,$(error VARIANT is standard or slim))
VERSION := $(shell awk '/^#define FLX_VERSION /{printf "%d.%d.%d", $$3/1000000, $$3%1000000/1000, $$3%1000}' include/flxchannel.h)
SONAME := libflxchannel.so.1
ARTEFACTS := $(BUILD)/standard/$(SONAME) $(BUILD)/slim/$(SONAME)
SANDBOX := $(BUILD)/flx-sandbox
FLX := $(BUILD)/flx
PHP := .build-php
VENV := $(BUILD)/venv
CONTRACT_VENV := $(BUILD)/venv-contract
FAULTS_VENV := $(BUILD)/venv-faults
GUEST_VENV := $(BUILD)/venv-guest
LINT_VENV := $(BUILD)/venv-lint

.PHONY: all always help deps lib slim sandbox flx man demo test install install-php uninstall clean lint format release dist generate reference \
	test-together test-papers test-rooms test-generated test-lint test-scripts test-build test-unit test-artefact test-abi test-abi-standard \
	test-abi-slim test-loading abi-build test-flx test-production test-python test-python-standard test-python-slim node-addon node-package test-node test-node-standard test-node-slim \
	wheel test-wheel php-extension test-php test-php-standard test-php-slim test-scenarios test-scenarios-standard test-scenarios-slim \
	test-contract test-examples test-demo test-faults \
	test-dist check-dist check-folders check-php-image check-guest check-guest-standard check-guest-slim check-contract faults soak fuzz postgres sanitize bench bench-budgets bench-startup bench-rate-limit \
	deps-shops shop-oscar shop-wordpress texts test-shops test-console console-pictures

all: lib

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# --- what the build, the demo and the tests need --------------------------------------------------------------------

DEBIAN_BUILD := binutils ca-certificates gcc libc6-dev libcurl4-openssl-dev libjansson-dev libsqlite3-dev libstdc++-12-dev pkg-config
DEBIAN_TEST := abigail-tools curl g++ gettext libfcgi-bin openssl php-cli php-curl php-dev php-fpm pgbouncer postgresql python3 python3-cffi python3-pip python3-venv sqlite3 util-linux
DEBIAN_PRODUCTION := libseccomp2 logrotate php-fpm sudo systemd
# Debian has npm and Node's headers in packages of their own, others in that of node: what is there is not asked for twice.
DEBIAN_NODE := nodejs node-typescript $(if $(wildcard /usr/include/node/node_api.h),,libnode-dev) $(if $(shell command -v npm),,npm)
DEBIAN_FAULTS := bindfs btrfs-progs e2fsprogs faketime fuse3 gdb iproute2 locales nftables strace xfsprogs
DEBIAN_LINT := php-codesniffer shellcheck
DEBIAN_DIST := debhelper dh-python lintian man-db php-dev

deps: ## install the Debian packages that are missing; says which and what for, and asks
	@Tests/packaging/deps.sh 'to build the library: $(DEBIAN_BUILD)' 'for the demo and the tests: $(DEBIAN_TEST)' \
		'for the tests of the recipes of production: $(DEBIAN_PRODUCTION)' \
		'for the Node binding and its tests: $(DEBIAN_NODE)' \
		'for the tests of faults, such as full disks and cut networks: $(DEBIAN_FAULTS)' 'to lint: $(DEBIAN_LINT)' \
		'for the packages: $(DEBIAN_DIST)'
	@command -v swiftc >/dev/null || { echo "deps: Swift 6.3 is needed; install the toolchain and put it into PATH"; exit 1; }

# --- the library, twice from the same sources -----------------------------------------------------------------------

SOURCES := $(shell find Sources/FlxChannel -name "*.swift" | LC_ALL=C sort)
INTERFACES := include/flxchannel.h include/module.modulemap $(wildcard Sources/C*/shim.h Sources/C*/module.modulemap)
SWIFT_ROOT = $(shell dirname $$(dirname $$(readlink -f $$(command -v swiftc))))
UNICODE = $(firstword $(wildcard $(SWIFT_ROOT)/lib/swift/embedded/$(shell uname -m)-unknown-linux-gnu/libswiftUnicodeDataTables.a))

# Exclusivity unchecked: the check would end the host's process.
COMPILE := -parse-as-library -wmo -swift-version 6 -module-name FlxChannel -enforce-exclusivity=unchecked \
	-I include -I Sources/CLibc -I Sources/CCurl -I Sources/CJansson -I Sources/CSQLite
# Slim inlines only what becomes smaller by it, and makes no copy of a function for each closure it is called with.
# Its hashes are seeded by us: see Support/Random.swift.
# Not LLVM's -inline-threshold=0: Swift 6.3.1 then computes wrong SHA-256 sums.
INLINE_SAVES := call closure load store terminator
SLIM := -Osize -enable-experimental-feature Embedded -Xfrontend -function-sections -Xlinker --icf=all -Xlinker --wrap=arc4random_buf \
	$(INLINE_SAVES:%=-Xllvm -sil-inline-removed-%-benefit=0) -Xllvm -sil-inline-ref-count-benefit=0 \
	-Xllvm -sil-disable-pass=closure-specialize -Xllvm -sil-disable-pass=capture-prop
# -z nodelete: a resolver thread of libcurl may outlive a dlclose. -z defs: nothing may be missing at run time.
LINK := -emit-library -use-ld=lld -Xlinker --build-id=none -lcurl -ljansson -lsqlite3 -lm \
	-Xlinker -soname=$(SONAME) -Xlinker --version-script=$(BUILD)/flxchannel.map -Xlinker --gc-sections -Xlinker --icf=safe \
	-Xlinker -s -Xlinker -z -Xlinker defs -Xlinker -z -Xlinker nodelete -Xlinker -z -Xlinker now -Xlinker -z -Xlinker relro

# No trace of this folder is in what is handed out: the same sources give the same bytes in every other. The id of a build is a
# sum over what packaging/nameless.sh blanks.
NAMELESS := -Xcc '-ffile-prefix-map=$(CURDIR)=.' -Xlinker --build-id=none

# What the tests need only later lets what they wait for go first.
BESIDE = nice -n 5

# What each library is compiled with. Written anew only where it is another: an edit of another rule compiles nothing.
FLAGS_standard = $(COMPILE) -O -static-stdlib $(LINK)
FLAGS_slim = $(COMPILE) $(LINK) $(SLIM)

$(BUILD)/flags.standard $(BUILD)/flags.slim: $(BUILD)/flags.%: always
	@mkdir -p $(@D)
	@echo "$(FLAGS_$*)" | cmp -s - $@ || { echo "$(FLAGS_$*)" > $@.new && mv $@.new $@; }

lib: $(BUILD)/standard/$(SONAME) ## the library
slim: $(BUILD)/slim/$(SONAME) ## the library as Embedded Swift: much smaller, same behaviour

# The header is the list of what is exported.
$(BUILD)/flxchannel.map: packaging/map.awk include/flxchannel.h
	@mkdir -p $(@D)
	@awk -f $^ > $@

# Slim has no runtime that reads it.
$(BUILD)/environment.o: Sources/Loading/environment.c
	@mkdir -p $(@D)
	@$(CC) -O2 -fPIC -Wall -Wextra -Werror -c $< -o $@

$(BUILD)/standard/$(SONAME): $(SOURCES) $(INTERFACES) $(BUILD)/flxchannel.map $(BUILD)/environment.o $(BUILD)/flags.standard | $(BUILD)/header.seen
	@mkdir -p $(@D)
	@echo "lib: compiling"; swiftc $(FLAGS_standard) $(SOURCES) $(BUILD)/environment.o -o $@
	@packaging/nameless.sh $@
	@ln -sf $(SONAME) $(@D)/libflxchannel.so
	@ls -l $@ | awk '{print "lib: " $$NF ", " $$5 " bytes"}'

$(BUILD)/slim/$(SONAME): $(SOURCES) $(INTERFACES) $(BUILD)/flxchannel.map $(BUILD)/flags.slim | $(BUILD)/header.seen
	@mkdir -p $(@D)
	@[ -n "$(UNICODE)" ] || { echo "slim: the toolchain has no Embedded Swift for this machine"; exit 1; }
	@echo "slim: compiling"; $(BESIDE) swiftc $(FLAGS_slim) $(SOURCES) $(UNICODE) -o $@
	@packaging/nameless.sh $@
	@ln -sf $(SONAME) $(@D)/libflxchannel.so
	@ls -l $@ | awk '{print "slim: " $$NF ", " $$5 " bytes"}'

# --- the sandbox, the demo ------------------------------------------------------------------------------------------

sandbox: $(SANDBOX) ## the hub on loopback

$(SANDBOX): Package.swift $(shell find Sources/flx-sandbox -name '*.swift' -o -path '*/Console/Page/*' -type f 2>/dev/null)
	@mkdir -p $(@D)
	@echo "sandbox: compiling"
	swift build -q -c release --static-swift-stdlib -Xswiftc -static-executable $(NAMELESS) -Xlinker -s --product flx-sandbox
	@cp .build/release/flx-sandbox $@.new && packaging/nameless.sh $@.new && mv -f $@.new $@  # one that runs goes on
	@ls -l $@ | awk '{print "sandbox: " $$NF ", " $$5 " bytes"}'

# What swift-nio asks of whoever hands out a program that holds it.
LICENSES := $(BUILD)/flx-sandbox.licenses

$(LICENSES): $(SANDBOX)
	@cat .build/checkouts/swift-nio/LICENSE.txt .build/checkouts/swift-nio/NOTICE.txt > $@

# The command, on the built library; which one it finds is decided when it runs. In a folder of its own, for SwiftPM builds one
# thing at a time, and the flags of the sandbox are others. SwiftPM does not see an edit of the header alone.
flx: $(FLX) ## the command that runs a channel and looks after it

$(FLX): Package.swift include/flxchannel.h $(shell find Sources/flx -name '*.swift') | $(BUILD)/standard/$(SONAME)
	@mkdir -p $(@D)
	@touch Sources/flx/Entry.swift
	@echo "flx: compiling"
	$(BESIDE) swift build -q -c release --scratch-path .build-flx --static-swift-stdlib --disable-local-rpath $(NAMELESS) -Xlinker -s --product flx
	@cp .build-flx/release/flx $@.new && packaging/nameless.sh $@.new && mv -f $@.new $@
	@ls -l $@ | awk '{print "flx: " $$NF ", " $$5 " bytes"}'

# Manual pages and completions: flx tells them of itself.
MANUAL := $(BUILD)/man/flx.1

man: $(MANUAL) ## the manual pages of flx, in .build-lib/man

$(MANUAL): $(FLX) Sources/flx/man.py
	@LD_LIBRARY_PATH=$(BUILD)/standard python3 Sources/flx/man.py $(FLX) $(@D)
	@for shell in bash zsh fish; do LD_LIBRARY_PATH=$(BUILD)/standard $(FLX) --generate-completion-script $$shell > $(@D)/flx.$$shell; done

$(VENV)/ready: $(shell find bindings/python -name '*.py' -not -path '*/tests/*' 2>/dev/null) bindings/python/pyproject.toml
	@echo "python: preparing $(VENV)"
	@[ -x $(VENV)/bin/python ] || python3 -m venv $(VENV)
	@$(VENV)/bin/pip install -q --disable-pip-version-check 'pytest>=8' 'pytest-xdist>=3.5' 'mypy>=1.11' orjson
	@$(VENV)/bin/pip install -q --disable-pip-version-check --force-reinstall --no-deps ./bindings/python && rm -rf bindings/python/build bindings/python/*.egg-info
	@touch $@

# With the library and flx in it: pip installs it where there is no compiler.
wheel: lib $(FLX) ## a wheel for Python that carries library and flx, in .build-lib/wheel
	@python3 bindings/python/build_wheel.py $(BUILD)/standard/$(SONAME) $(FLX) $(BUILD)/wheel

# For the PHP of this machine. On an installed library, as a host has it; which one it finds is decided when it runs.
php-extension: $(PHP)/extension/modules/flxchannel.so ## the C extension for PHP, in .build-php/extension/modules

$(PHP)/extension/modules/flxchannel.so: $(shell find bindings/php-extension -maxdepth 1 -type f 2>/dev/null) include/flxchannel.h | $(BUILD)/standard/$(SONAME)
	@echo "php: building the extension"
	@bindings/c/install.sh $(BUILD)/standard/$(SONAME) $(abspath $(PHP))/prefix > /dev/null
	@bindings/php-extension/build.sh $(PHP)/prefix $(PHP)/extension
	@touch $@

# The addon, in bindings/node/prebuilds; which library it finds is decided when it runs.
node-addon:
	@$(MAKE) --no-print-directory -s -C bindings/node

# With the slim library inside.
node-package: slim ## the Node binding as npm installs it, in .build-lib/node
	@$(MAKE) --no-print-directory -s -C bindings/node packed LIBRARY=$(abspath $(BUILD))/slim/$(SONAME) INTO=$(abspath $(BUILD))/node
	@ls -l $(BUILD)/node/*.tgz | awk '{print "node: " $$NF ", " $$5 " bytes"}'

demo: deps ## a small shop does the whole job against a hub on loopback
	@$(MAKE) --no-print-directory lib sandbox $(VENV)/ready
	@$(MAKE) --no-print-directory test-demo

# --- the tests ------------------------------------------------------------------------------------------------------

ON_SANDBOX := FLX_SANDBOX=$(abspath $(SANDBOX)) Tests/with-sandbox.sh
KINDS := standard slim
# What a target took, below its output.
TIMED = @TIMEFORMAT='$@: %0R s, %0U s of processor'; time

# Side by side, for most of them wait for a clock: the longest first, so that nothing is left for the end alone.
TESTED := test-faults test-unit test-contract $(KINDS:%=test-abi-%) $(KINDS:%=test-python-%) $(KINDS:%=test-node-%) $(KINDS:%=test-php-%) $(KINDS:%=test-scenarios-%) test-flx test-production test-examples test-readmes \
	test-postgres test-shops test-wheel test-demo test-artefact test-dist test-loading test-lint test-papers test-rooms test-generated test-scripts test-together

test: deps ## everything that a change must pass
	@Tests/together.sh $(TESTED)
	@echo "make test: everything passed"

test-together:
	@Tests/together.sh --check

# The form of what is written, and that the lint finds what is planted.
test-lint: $(LINT_VENV)/ready
	@Tests/lint/lint.sh check $(LINT_VENV)
	@Tests/lint/planted.sh $(LINT_VENV)

# What `make deps` and `make release` do, and what they refuse; when `make lib` compiles.
test-scripts:
	@Tests/packaging/scripts/deps-test.sh
	@Tests/packaging/scripts/release-test.sh
	@Tests/packaging/scripts/flags-test.sh

# SwiftPM does not see an edit of the header alone.
$(BUILD)/header.seen: include/flxchannel.h
	@mkdir -p $(@D)
	@touch Sources/FlxChannel/ABI/Exports+Library.swift $@

# After the sandbox: SwiftPM builds one thing at a time.
test-build: $(BUILD)/header.seen | $(SANDBOX) $(FLX)
	$(TIMED) $(BESIDE) swift build -q --build-tests

test-unit: test-build ## the Swift tests; test-abi, test-python, test-php, test-contract, test-faults ... are the others
	$(TIMED) env LD_LIBRARY_PATH=$(abspath $(BUILD))/standard swift test -q --skip-build
	Tests/packaging/bytes.sh .build/debug/FlxChannel.build .build/debug/flx_sandbox.build

# The rooms of the core, and where links and citations lead; each checker is shown to find what is planted.
test-papers: ## rooms of the core, links and citations, what papers list
	@status=0; for check in rooms/rooms papers/links papers/tables papers/header papers/found; do \
		python3 Tests/$$check.py || status=1; python3 Tests/$$check.py --planted || status=1; done; exit $$status

# Each room compiled with those below it alone.
test-rooms:
	$(TIMED) $(BESIDE) python3 Tests/rooms/compile.py
	@python3 Tests/rooms/compile.py --planted

# What stands once, in tables/, written in every language that needs it; and whether what is checked in is that.
generate: ## write what is made from tables/
	@python3 tables/generate.py

test-generated:
	@python3 tables/generate.py --check
	@python3 tables/generate.py --planted

# The pages that a built library writes about itself.
reference: lib ## write the pages of config keys, codes and statistics
	@python3 tables/reference.py $(BUILD)/standard/$(SONAME)

test-artefact: lib slim
	$(TIMED) Tests/packaging/artefact.sh $(ARTEFACTS)
	@python3 Tests/packaging/abi.py check $(ARTEFACTS)
	@python3 Tests/packaging/abi.py planted
	@python3 tables/reference.py --check $(ARTEFACTS)
	@python3 tables/reference.py --planted $(firstword $(ARTEFACTS))

# Both libraries in every way in which hosts load one. As root, for one of them is a chroot.
test-loading: lib slim
	$(TIMED) $(AS_ROOT) env "PATH=$$PATH" Tests/loading/matrix.sh $(abspath $(ARTEFACTS))

test-abi: $(KINDS:%=test-abi-%)
test-python: $(KINDS:%=test-python-%)
test-php: $(KINDS:%=test-php-%)

# One build for both: which library it finds is decided when it runs.
abi-build: lib
	@$(MAKE) --no-print-directory -s -C Tests/abi build FLX_LIBRARY_DIR=$(abspath $(BUILD))/standard

$(KINDS:%=test-abi-%): test-abi-%: $(BUILD)/%/$(SONAME) $(SANDBOX) abi-build
	@echo "C tests, $*"
	$(TIMED) $(MAKE) --no-print-directory -s -C Tests/abi check FLX_SANDBOX=$(abspath $(SANDBOX)) FLX_LIBRARY_DIR=$(abspath $(BUILD))/$*

$(KINDS:%=test-python-%): test-python-%: $(BUILD)/%/$(SONAME) $(SANDBOX) $(VENV)/ready
	@echo "Python tests, $*"
	$(TIMED) env FLX_SANDBOX=$(abspath $(SANDBOX)) FLXCHANNEL_LIBRARY=$(abspath $<) \
		$(VENV)/bin/python -m pytest -q -p no:cacheprovider -n 6 bindings/python

# The extension, and the class API by it and by FFI.
$(KINDS:%=test-php-%): test-php-%: $(BUILD)/%/$(SONAME) $(SANDBOX) $(PHP)/extension/modules/flxchannel.so
	@echo "PHP tests, $*"
	$(TIMED) env FLX_SANDBOX=$(abspath $(SANDBOX)) bindings/php/test.sh $< $(PHP)/extension

test-node: $(KINDS:%=test-node-%)

$(KINDS:%=test-node-%): test-node-%: $(BUILD)/%/$(SONAME) $(SANDBOX) node-addon
	@echo "Node tests, $*"
	$(TIMED) env FLX_SANDBOX=$(abspath $(SANDBOX)) FLXCHANNEL_LIBRARY=$(abspath $<) node bindings/node/test/run.mjs

# One story, five hosts, one transcript.
test-scenarios: $(KINDS:%=test-scenarios-%)

$(KINDS:%=test-scenarios-%): test-scenarios-%: $(BUILD)/%/$(SONAME) $(SANDBOX) $(VENV)/ready $(PHP)/extension/modules/flxchannel.so node-addon
	$(TIMED) env FLX_SANDBOX=$(abspath $(SANDBOX)) $(VENV)/bin/python Tests/scenarios/play.py $< $(PHP)/extension
	@env FLX_SANDBOX=$(abspath $(SANDBOX)) $(VENV)/bin/python Tests/scenarios/play.py $< $(PHP)/extension --planted

# The same, and PHP's tests, with a PHP that is built as the official image builds it. Takes minutes the first time.
check-php-image: deps ## PHP as the official image builds it: scenarios and tests, by both back ends
	@Tests/packaging/deps.sh 'to build PHP: libffi-dev libssl-dev libxml2-dev'
	@$(MAKE) --no-print-directory lib slim sandbox $(VENV)/ready
	@env FLX_SANDBOX=$(abspath $(SANDBOX)) Tests/scenarios/php-image.sh $(PHP)/image $(VENV)/bin/python $(ARTEFACTS)

test-flx: lib sandbox $(FLX) $(MANUAL) $(VENV)/ready
	$(TIMED) env FLX=$(abspath $(FLX)) FLX_SANDBOX=$(abspath $(SANDBOX)) LD_LIBRARY_PATH=$(abspath $(BUILD))/standard \
		$(VENV)/bin/python -m pytest -q -p no:cacheprovider -n 4 Tests/flx

# Each recipe of examples/production as its README prints it, on machines of its own. As root: they are namespaces.
test-production: lib sandbox $(FLX) $(MANUAL) $(VENV)/ready
	$(TIMED) $(AS_ROOT) env "PATH=$$PATH" FLX=$(abspath $(FLX)) FLX_SANDBOX=$(abspath $(SANDBOX)) \
		FLXCHANNEL_LIBRARY=$(abspath $(BUILD))/standard/$(SONAME) \
		$(VENV)/bin/python -m pytest -q -p no:cacheprovider -n 4 Tests/production

# The state in a PostgreSQL server, with both libraries; what takes longer is a part of `make postgres`.
ON_POSTGRES = FLX_SANDBOX=$(abspath $(SANDBOX)) PYTHONPATH=bindings/python:bindings/python/tests:Tests/postgres:Tests/postgres/moving \
	$(VENV)/bin/python -m pytest -q -p no:cacheprovider
test-postgres: lib slim sandbox $(VENV)/ready
	$(TIMED) sh -c 'for kind in $(KINDS); do FLXCHANNEL_LIBRARY=$(abspath $(BUILD))/$$kind/$(SONAME) $(ON_POSTGRES) \
		Tests/postgres/test_channel.py Tests/postgres/test_faults.py || exit 1; done'
	@python3 Tests/postgres/both.py --check && python3 Tests/postgres/both.py --check --planted > /dev/null

# Three hosts as network namespaces, as root. Fault rows and wrong builds are libraries of their own, which takes some minutes.
ON_HOSTS = $(AS_ROOT) env "PATH=$$PATH" FLX_SANDBOX=$(abspath $(SANDBOX)) FLXCHANNEL_LIBRARY=$(abspath $(BUILD))/standard/$(SONAME) \
	PYTHONPATH=bindings/python:bindings/python/tests $(FAULTS_VENV)/bin/python Tests/postgres

postgres: deps ## a state in a server: three hosts that are killed for minutes, fault rows, and what wrong builds do
	@$(MAKE) --no-print-directory lib slim sandbox $(VENV)/ready $(FAULTS_VENV)/ready
	FLXCHANNEL_LIBRARY=$(abspath $(BUILD))/standard/$(SONAME) $(ON_POSTGRES) Tests/postgres/test_attacks.py Tests/postgres/moving
	$(ON_HOSTS)/hosts.py --kills 1000 --orders 1000
	$(ON_HOSTS)/hosts.py --kills 200 --orders 100 --pace 3000 --strict
	$(ON_HOSTS)/both.py
	$(ON_HOSTS)/controls.py $(abspath $(VENV))/bin/python

# Every code block of every README, as it is printed.
test-readmes: $(BUILD)/standard/$(SONAME) $(SANDBOX) $(FLX) $(VENV)/ready node-addon
	$(TIMED) env FLX=$(abspath $(FLX)) FLX_SANDBOX=$(abspath $(SANDBOX)) FLXCHANNEL_LIBRARY=$(abspath $<) \
		$(VENV)/bin/python Tests/readme/blocks.py
	@env FLX=$(abspath $(FLX)) FLX_SANDBOX=$(abspath $(SANDBOX)) FLXCHANNEL_LIBRARY=$(abspath $<) \
		$(VENV)/bin/python Tests/readme/blocks.py --planted

# The wheel, built twice, and installed where there is nothing else.
test-wheel: lib sandbox $(FLX)
	$(TIMED) env FLX_SANDBOX=$(abspath $(SANDBOX)) python3 Tests/packaging/wheel.py $(BUILD)/standard/$(SONAME) $(FLX)
	@env FLX_SANDBOX=$(abspath $(SANDBOX)) python3 Tests/packaging/wheel.py $(BUILD)/standard/$(SONAME) $(FLX) --planted

# The C and PHP examples against an installed library, as a host has it.
test-examples: lib sandbox
	$(TIMED) env $(ON_SANDBOX) Tests/packaging/examples.sh $(BUILD)/standard/$(SONAME)

test-demo: lib sandbox $(VENV)/ready
	$(TIMED) env FLXCHANNEL_LIBRARY=$(abspath $(BUILD))/standard/$(SONAME) $(ON_SANDBOX) sh -c \
		'$(VENV)/bin/python examples/python/storefront.py --url "$$FLX_URL" --token "$$FLX_TOKEN" --admin "$$FLX_URL/_admin"'

# The sandbox's answers and the library's requests against Tests/contract/openapi.yaml, and each open question of the
# contract under every setting of its switch; at the end of the output, every row of the contract's section 9.
CONTRACT_TESTS = env FLX_SANDBOX=$(abspath $(SANDBOX)) $(CONTRACT_VENV)/bin/python -m pytest -q -p no:cacheprovider

test-contract: lib sandbox $(CONTRACT_VENV)/ready
	@echo "Contract tests, standard"
	$(TIMED) env FLXCHANNEL_LIBRARY=$(abspath $(BUILD))/standard/$(SONAME) $(CONTRACT_TESTS) Tests/contract

# The same, and what drives the client once more with the slim artefact.
check-contract: deps ## the contract tests, with the slim artefact too
	@$(MAKE) --no-print-directory lib slim sandbox $(CONTRACT_VENV)/ready
	@$(MAKE) --no-print-directory test-contract
	@echo "Contract tests, slim"
	@FLXCHANNEL_LIBRARY=$(abspath $(BUILD))/slim/$(SONAME) $(CONTRACT_TESTS) -m client Tests/contract

$(CONTRACT_VENV)/ready: Tests/contract/requirements.txt
	@echo "python: preparing $(CONTRACT_VENV)"
	@[ -x $(CONTRACT_VENV)/bin/python ] || python3 -m venv $(CONTRACT_VENV)
	@$(CONTRACT_VENV)/bin/pip install -q --disable-pip-version-check -r $<
	@touch $@

# Every row of Tests/faults/CATALOGUE.md against the shipped library: its part in `make test`, twenty minutes, and for as long
# as you like. As root: the rows mount file systems, cut networks and step clocks.
AS_ROOT := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
FAULTS = $(AS_ROOT) env "PATH=$$PATH" FLX_SANDBOX=$(abspath $(SANDBOX)) FLXCHANNEL_LIBRARY=$(abspath $(BUILD))/standard/$(SONAME) \
	$(FAULTS_VENV)/bin/python Tests/faults/run.py

test-faults: lib slim sandbox $(FAULTS_VENV)/ready
	$(TIMED) $(FAULTS) --set core

faults: deps ## every row of Tests/faults/CATALOGUE.md in twenty minutes, as root
	@$(MAKE) --no-print-directory lib slim sandbox $(FLX) $(FAULTS_VENV)/ready
	$(FAULTS) --set usual

soak: deps ## the same for as long as you like
	@$(MAKE) --no-print-directory lib slim sandbox $(FLX) $(FAULTS_VENV)/ready
	$(FAULTS) --set long

$(FAULTS_VENV)/ready: Tests/faults/requirements.txt
	@echo "python: preparing $(FAULTS_VENV)"
	@[ -x $(FAULTS_VENV)/bin/python ] || python3 -m venv $(FAULTS_VENV)
	@$(FAULTS_VENV)/bin/pip install -q --disable-pip-version-check -r $<
	@touch $@

# What a host keeps of its own while the library is in it, in every language, with both libraries: half an hour.
check-guest: deps ## forks, attributes of the process, garbage and memory, in hosts of every language
	@$(MAKE) --no-print-directory lib slim sandbox php-extension node-addon $(VENV)/ready $(GUEST_VENV)/ready
	@status=0; for kind in $(KINDS); do $(MAKE) --no-print-directory check-guest-$$kind || status=1; done; exit $$status

$(KINDS:%=check-guest-%): check-guest-%:
	@echo "Guest tests, $*"
	$(TIMED) env FLX_SANDBOX=$(abspath $(SANDBOX)) FLXCHANNEL_LIBRARY=$(abspath $(BUILD))/$*/$(SONAME) \
		GUEST_PYTHON=$(abspath $(GUEST_VENV))/bin/python GUEST_EXTENSION=$(abspath $(PHP))/extension/modules/flxchannel.so \
		$(VENV)/bin/python -m pytest -q -p no:cacheprovider -n 2 --dist worksteal Tests/guest

$(GUEST_VENV)/ready: Tests/guest/requirements.txt
	@echo "python: preparing $(GUEST_VENV)"
	@[ -x $(GUEST_VENV)/bin/python ] || python3 -m venv $(GUEST_VENV)
	@$(GUEST_VENV)/bin/pip install -q --disable-pip-version-check -r $<
	@touch $@

# Each target for SECONDS_EACH (60). With address checks and a planted fault that must be found.
FUZZER := .build-fuzz/fuzz

fuzz: deps ## each fuzz target for SECONDS_EACH (60)
	@$(MAKE) --no-print-directory $(FUZZER)
	Tests/fuzz/run.sh

$(FUZZER): $(SOURCES) $(INTERFACES) $(wildcard Tests/fuzz/*.swift) Tests/JSON/JanssonOracle.swift
	@mkdir -p $(@D)
	@echo "fuzz: compiling"; swiftc $(COMPILE) -O -g -sanitize=fuzzer,address $(filter %.swift,$^) -lcurl -ljansson -lsqlite3 -o $@ 2> $@.log \
		|| { cat $@.log; exit 1; }

# The C tests on a library that watches its own memory, and on one that watches its threads.
sanitize: deps ## the C tests on a library that watches its memory, and on one that watches its threads
	@$(MAKE) --no-print-directory sandbox $(BUILD)/address/$(SONAME) $(BUILD)/thread/$(SONAME)
	Tests/abi/sanitizer/run.sh $(abspath $(SANDBOX)) $(abspath $(BUILD))

$(BUILD)/swift_once.o: Tests/abi/sanitizer/swift_once.c
	@mkdir -p $(@D)
	clang -fsanitize=thread -fPIC -O1 -c $< -o $@

$(BUILD)/thread/$(SONAME): $(BUILD)/swift_once.o
$(BUILD)/thread/$(SONAME): WATCHED = -Xlinker --wrap=swift_once $(BUILD)/swift_once.o
$(BUILD)/address/$(SONAME) $(BUILD)/thread/$(SONAME): $(SOURCES) $(INTERFACES)
	@mkdir -p $(@D)
	@echo "lib: compiling"; swiftc $(COMPILE) -O -g -sanitize=$(notdir $(@D)) -static-stdlib -emit-library -use-ld=lld -lcurl -ljansson -lsqlite3 -lm \
		-Xlinker -soname=$(SONAME) $(WATCHED) $(SOURCES) -o $@ 2> $@.log || { cat $@.log; exit 1; }

# The library against what people use instead, in turns on one machine; the table and its pictures go to $(BENCH).
bench: deps ## the library against what people use instead
	@Tests/packaging/deps.sh 'for the peers of the benchmark: $(BENCH_DEBIAN)'
	@$(MAKE) --no-print-directory lib slim sandbox php-extension node-addon $(BENCH)/venv/ready
	$(BENCH)/venv/bin/python Tests/benchmarks/run.py --build $(BENCH) --library $(BUILD)/standard/$(SONAME) \
		--sandbox $(abspath $(SANDBOX)) --extension $(abspath $(PHP))/extension/modules/flxchannel.so $(BENCH_OPTIONS)

BENCH := .build-bench
BENCH_OPTIONS ?=
BENCH_DEBIAN := libsimdjson-dev nginx-light nodejs php-guzzlehttp-guzzle

$(BENCH)/venv/ready: Tests/benchmarks/requirements.txt
	@echo "python: preparing $(BENCH)/venv"
	@[ -x $(BENCH)/venv/bin/python ] || python3 -m venv $(BENCH)/venv
	@$(BENCH)/venv/bin/pip install -q --disable-pip-version-check -r $<
	@touch $@

# Minutes: the share of the hub's budget that pulls use, how soon an order leaves, what a hub in an outage sees.
bench-rate-limit: lib sandbox ## the share of the hub's budget that is used
	@status=0; for rig in budget slots small outage; do FLX_SANDBOX=$(abspath $(SANDBOX)) \
		FLXCHANNEL_LIBRARY=$(abspath $(BUILD))/standard/$(SONAME) python3 Tests/benchmarks/rate_limit/$$rig.py || status=1; done; exit $$status

# What a hub can make a host spend for the bytes it sends, as a table, and the least memory in which the demo passes.
bench-budgets: lib slim sandbox $(VENV)/ready ## what a hub can make a host spend
	FLX_SANDBOX=$(abspath $(SANDBOX)) $(VENV)/bin/python Tests/benchmarks/budgets.py $(abspath $(ARTEFACTS))

bench-startup: lib slim ## what loading and opening cost
	Tests/benchmarks/startup/run.sh $(ARTEFACTS)

# --- two real shops -------------------------------------------------------------------------------------------------

# Too long for `make test`, and with Debian packages of their own. What a shop needs of Python is in its requirements.txt.
DATABASE ?= sqlite
SHOPS_VENV := $(BUILD)/venv-shops
OSCAR_VENV := $(BUILD)/venv-oscar
DEBIAN_SHOPS := chromium chromium-driver fonts-dejavu-core python3 python3-venv
DEBIAN_OSCAR := postgresql
DEBIAN_WORDPRESS := mariadb-server nginx php php-cli php-curl php-dev php-fpm php-mysql php-xml util-linux wordpress wordpress-theme-twentytwentythree
ON_SHOPS = FLX_SANDBOX=$(abspath $(SANDBOX)) FLXCHANNEL_LIBRARY=$(abspath $(BUILD))/standard/$(SONAME)

deps-shops: deps
	@Tests/packaging/deps.sh 'for the browser of the shops: $(DEBIAN_SHOPS)' 'for django-oscar: $(DEBIAN_OSCAR)' \
		'for WordPress: $(DEBIAN_WORDPRESS)'

shop-oscar: deps ## django-oscar as a channel, with real checkouts, compared with the hub; DATABASE=sqlite or postgresql
	@Tests/packaging/deps.sh 'for the browser of the shops: $(DEBIAN_SHOPS)' 'for django-oscar: $(DEBIAN_OSCAR)'
	@$(MAKE) --no-print-directory lib sandbox $(SHOPS_VENV)/ready $(OSCAR_VENV)/ready
	@$(MAKE) --no-print-directory test-shops
	$(TIMED) env $(ON_SHOPS) OSCAR_PYTHON=$(abspath $(OSCAR_VENV))/bin/python OSCAR_DATABASE=$(DATABASE) \
		$(SHOPS_VENV)/bin/python Tests/shops/run.py oscar $(SHOP_OPTIONS)

# WordPress runs as a user of its own; the library, flx and the extension are where `make` has built them.
IN_WORDPRESS = $(ON_SHOPS) FLX=$(abspath $(FLX)) FLX_EXTENSION=$(abspath $(PHP))/extension/modules/flxchannel.so

shop-wordpress: deps-shops ## WordPress as a channel, with real checkouts, compared with the hub; then each way to the library
	@$(MAKE) --no-print-directory lib sandbox $(FLX) php-extension $(SHOPS_VENV)/ready
	$(TIMED) env $(IN_WORDPRESS) $(SHOPS_VENV)/bin/python Tests/shops/run.py wordpress $(SHOP_OPTIONS)
	$(TIMED) env $(IN_WORDPRESS) $(SHOPS_VENV)/bin/python Tests/shops/inside/wordpress/passes.py

texts: ## the texts of the WordPress plugins for translators, from the code
	@examples/wordpress/texts.sh write

# The rig's controls; the texts for translators; and of the app for django-oscar its types, Django's own checks, and what it does
# with events. No server, no hub.
test-shops: $(BUILD)/standard/$(SONAME) $(OSCAR_VENV)/ready
	@python3 Tests/shops/run.py --planted
	@examples/wordpress/texts.sh check
	$(TIMED) env FLXCHANNEL_LIBRARY=$(abspath $<) examples/oscar/check.sh $(abspath $(OSCAR_VENV)) $(abspath $(BUILD))/oscar

$(SHOPS_VENV)/ready: Tests/shops/requirements.txt
	@echo "python: preparing $(SHOPS_VENV)"
	@[ -x $(SHOPS_VENV)/bin/python ] || python3 -m venv $(SHOPS_VENV)
	@$(SHOPS_VENV)/bin/pip install -q --disable-pip-version-check -r $<
	@touch $@

$(OSCAR_VENV)/ready: examples/oscar/requirements.txt $(wildcard bindings/python/flxchannel/*.py)
	@echo "python: preparing $(OSCAR_VENV)"
	@[ -x $(OSCAR_VENV)/bin/python ] || python3 -m venv $(OSCAR_VENV)
	@$(OSCAR_VENV)/bin/pip install -q --disable-pip-version-check -r $<
	@$(OSCAR_VENV)/bin/pip install -q --disable-pip-version-check --force-reinstall --no-deps ./bindings/python && rm -rf bindings/python/build bindings/python/*.egg-info
	@touch $@

# --- the console in a browser ---------------------------------------------------------------------------------------

# Not part of `make test`: it needs the browser of the shops.
CONSOLE_VENV := $(BUILD)/venv-console
CONSOLE = env FLX_SANDBOX=$(abspath $(SANDBOX)) FLXCHANNEL_LIBRARY=$(abspath $(BUILD))/standard/$(SONAME) $(CONSOLE_VENV)/bin/python

test-console: deps ## the sandbox's console in a headless Chromium, with a shop on the library beside it
	@Tests/packaging/deps.sh 'for the browser: $(DEBIAN_SHOPS)'
	@$(MAKE) --no-print-directory lib sandbox $(CONSOLE_VENV)/ready
	$(TIMED) $(CONSOLE) -m pytest -q -p no:cacheprovider Tests/console

console-pictures: deps ## the pictures of the console for its README
	@Tests/packaging/deps.sh 'for the browser: $(DEBIAN_SHOPS)'
	@$(MAKE) --no-print-directory lib sandbox $(CONSOLE_VENV)/ready
	@$(CONSOLE) Tests/console/pictures.py Sources/flx-sandbox/Console

$(CONSOLE_VENV)/ready: Tests/console/requirements.txt
	@echo "python: preparing $(CONSOLE_VENV)"
	@[ -x $(CONSOLE_VENV)/bin/python ] || python3 -m venv $(CONSOLE_VENV)
	@$(CONSOLE_VENV)/bin/pip install -q --disable-pip-version-check -r $<
	@touch $@

# --- form, release --------------------------------------------------------------------------------------------------

lint: deps ## check the form of what is written, in every language
	@$(MAKE) --no-print-directory $(LINT_VENV)/ready
	@Tests/lint/lint.sh check $(LINT_VENV)

format: deps ## put it right where a program can
	@$(MAKE) --no-print-directory $(LINT_VENV)/ready
	@Tests/lint/lint.sh format $(LINT_VENV)

$(LINT_VENV)/ready: Tests/lint/requirements.txt
	@echo "python: preparing $(LINT_VENV)"
	@[ -x $(LINT_VENV)/bin/python ] || python3 -m venv $(LINT_VENV)
	@$(LINT_VENV)/bin/pip install -q --disable-pip-version-check -r $<
	@touch $@

release: ## a tag and a source archive in .build-lib/release, if versions, changelog and tree are ready; pushes nothing
	@Tests/packaging/release.sh

# What is handed out, in .build-dist: a tarball and the Debian packages. The same commit gives the same bytes.
DIST := .build-dist
BUILT = $(BUILD)/standard/$(SONAME) $(FLX) $(SANDBOX) $(LICENSES) $(MANUAL)

dist: deps ## a tarball, packages for Debian, pip, npm, Composer and phpize, in .build-dist
	@$(MAKE) --no-print-directory $(BUILT) wheel node-package
	@packaging/dist.sh $(BUILD) $(DIST)

# Made twice and compared, lint, what is in them; what `make install` puts where, and takes away again.
test-dist: $(BUILT) slim wheel node-package
	$(TIMED) Tests/dist/twice.sh $(BUILD)
	$(TIMED) Tests/dist/install.sh

# In a Debian without compilers and Swift: each package by its one command, and the first sample of its README. As root.
check-dist: dist ## the packages in a bare Debian, as root; with a table of commands and seconds
	@$(AS_ROOT) env "PATH=$$PATH" $(ON_SANDBOX) Tests/dist/bare.sh $(DIST)

check-folders: deps ## all of it built from nothing in two folders, and what is handed out compared
	@Tests/dist/folders.sh

# --- install, clean -------------------------------------------------------------------------------------------------

install: $(BUILD)/$(VARIANT)/$(SONAME) flx man ## library, headers, manual, pkg-config, CMake, PHP package, flx below PREFIX; VARIANT=slim: the slim one
	bindings/c/install.sh $< $(PREFIX)
	bindings/php/install.sh $(PREFIX)
	Sources/flx/install.sh $(FLX) $(dir $(MANUAL)) $(PREFIX)

install-php: php-extension ## the C extension, where the PHP of this machine looks for it
	@$(MAKE) --no-print-directory -s -C $(PHP)/extension install

uninstall: ## take them away
	rm -rf $(PREFIX)/lib/$(SONAME) $(PREFIX)/lib/libflxchannel.so $(PREFIX)/lib/pkgconfig/flxchannel.pc \
		$(PREFIX)/lib/cmake/flxchannel $(PREFIX)/include/flxchannel.h $(PREFIX)/include/flxchannel.hpp $(PREFIX)/share/flxchannel \
		$(PREFIX)/bin/flx $(PREFIX)/share/man/man1/flx.1 $(PREFIX)/share/man/man1/flx-*.1 \
		$(PREFIX)/share/man/man3/flx_*.3 $(PREFIX)/share/man/man3/flxchannel.3 \
		$(PREFIX)/share/bash-completion/completions/flx $(PREFIX)/share/zsh/site-functions/_flx \
		$(PREFIX)/share/fish/vendor_completions.d/flx.fish
	! command -v php-config > /dev/null || rm -f "$$(php-config --extension-dir)/flxchannel.so"

clean: ## remove what was built
	rm -rf .build .build-* examples/c/.build-c examples/cpp/.build-cpp
