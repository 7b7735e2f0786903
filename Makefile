# Everything that a fresh clone needs: `make demo` shows the tool at work, `make test` tests it.

SHELL := /bin/bash
PREFIX ?= /usr/local
VENV := .venv
TOOL := .build/release/toktrain
DEMO := Vocab/corpora-bpe
WORDPIECE_DEMO := Vocab/corpora-wordpiece
UNIGRAM_DEMO := Vocab/corpora-unigram
LAYER_DEMO := .build/demo-layer

# STRICT=1 makes warnings errors, as in CI.
STRICT_FLAGS := $(if $(STRICT),-Xswiftc -warnings-as-errors -Xcc -Werror)

DEBIAN_PACKAGES := libicu-dev libsimdjson-dev zlib1g-dev libzstd-dev libxxhash-dev pkg-config \
  zstd bzip2 unicode-data python3-venv gcc
BREW_PACKAGES := icu4c simdjson zlib zstd xxhash pkg-config

# What only the whole comparisons of `make exact` need: large packages.
EXACT_PACKAGES := chromium python3-torch openjdk-17-jre-headless

# What runs on other machines that have glibc and nothing else of ours. Linked into the program: the
# libraries that come as archives; beside it: what there is no archive of, and C++'s.
RELOCATABLE := .build/relocatable
STATIC_LIBRARIES := icui18n icuuc icudata z zstd xxhash
STATIC_PACKAGES := icu-i18n icu-uc zlib libzstd libxxhash
SHARED_LIBRARIES := libsimdjson|libstdc|libgcc_s

# Seconds that `make fuzz` gives each target.
FUZZ_SECONDS ?= 60
FUZZER := Tests/Fuzz/.build
FUZZ_TARGETS := charsmap comparison corpus counts layer-record normalizer npy older-files pattern \
  pre-tokenizer rank-sidecar ranks rules safetensors sentencepiece tekken tokenizer training-record \
  word-vectors

.PHONY: help demo deps build test units interop exact bench fuzz format lint install relocatable \
  clean

help:
	@echo "make demo             build, train on Corpora/, encode and decode a sentence"
	@echo "make test             everything that must pass, in 15 minutes"
	@echo "make exact            every comparison with the real libraries, on whole corpora"
	@echo "make bench            time and memory against the real libraries; CORPUS=FILE..."
	@echo "make fuzz             feed every reader with broken data, FUZZ_SECONDS=$(FUZZ_SECONDS) each"
	@echo "make build            build release"
	@echo "make install          install to PREFIX (now $(PREFIX))"
	@echo "make relocatable      $(RELOCATABLE).tar.gz, for machines that have nothing but glibc"
	@echo "make format, lint     lay out the sources, or check the layout"

deps:
ifeq ($(shell uname),Darwin)
	@for package in $(BREW_PACKAGES); do \
	  brew list $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then \
	  echo "missing:$$missing; install with: brew install$$missing" >&2; exit 1; fi
else
	@for package in $(DEBIAN_PACKAGES); do \
	  dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' \
	    || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then \
	  echo "installing:$$missing"; \
	  if [ "$$(id -u)" = 0 ]; then as_root=; else as_root=sudo; fi; \
	  $$as_root apt-get update -qq \
	    && DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y -qq \
	      --no-install-recommends $$missing; fi
endif

build: deps
	swift build -c release --product toktrain $(STRICT_FLAGS)

demo: build
	$(TOOL) bpe --vocab-size 4000 --force -o $(DEMO) Corpora/*.txt
	@echo
	@text='Tokenizers cut text into pieces: größer, 東京, здравствуй.'; \
	echo "text:    $$text"; \
	echo "tokens:  $$(printf '%s\n' "$$text" | $(TOOL) encode $(DEMO) --tokens)"; \
	ids=$$(printf '%s\n' "$$text" | $(TOOL) encode $(DEMO)); \
	echo "ids:     $$ids"; \
	echo "decoded: $$(echo "$$ids" | $(TOOL) decode $(DEMO))"
	@echo
	$(TOOL) wordpiece --vocab-size 4000 --force -o $(WORDPIECE_DEMO) Corpora/*.txt
	@text='Tokenizers cut text into pieces: größer, 東京, здравствуй.'; \
	echo "tokens:  $$(printf '%s\n' "$$text" | $(TOOL) encode $(WORDPIECE_DEMO) --tokens)"
	@printf '%s\n' 'Who cuts text?' > .build/question; \
	printf '%s\n' 'Tokenizers cut text into pieces, whatever it says.' > .build/answer; \
	echo "a pair:  $$($(TOOL) encode $(WORDPIECE_DEMO) .build/question --pair .build/answer \
	  --add-special --max-length 14 --pad 16 --tokens)"
	@echo
	$(TOOL) wordpiece --score top-down --vocab-size 4000 --force -o $(WORDPIECE_DEMO)-top-down \
	  Corpora/*.txt
	@text='Tokenizers cut text into pieces: größer, 東京, здравствуй.'; \
	echo "tokens:  $$(printf '%s\n' "$$text" | $(TOOL) encode $(WORDPIECE_DEMO)-top-down --tokens)"
	@echo
	$(TOOL) unigram --vocab-size 4000 --byte-fallback --force -o $(UNIGRAM_DEMO) Corpora/*.txt
	@text='Tokenizers cut text into pieces: größer, 東京, здравствуй.'; \
	echo "tokens:  $$(printf '%s\n' "$$text" | $(TOOL) encode $(UNIGRAM_DEMO) --tokens)"; \
	echo "sampled: $$(printf '%s\n' "$$text" | $(TOOL) encode $(UNIGRAM_DEMO) --tokens --sampling alpha=0.2)"
	@echo
	$(TOOL) count --force -o .build/demo.counts Corpora/*.txt
	$(TOOL) bpe --vocab-size 4000 --force --counts .build/demo.counts -o .build/demo-counted
	@cmp .build/demo-counted/tokenizer.json $(DEMO)/tokenizer.json \
	  && echo "counts give the same tokenizer as the text"
	@echo
	$(TOOL) plan -v 4000 Corpora/*.txt
	@echo
	$(TOOL) why $(DEMO) ' learning'
	@echo
	$(TOOL) compare $(DEMO) $(WORDPIECE_DEMO) $(UNIGRAM_DEMO) --color never -- 'Who cuts 東京 naïvely?'
	@echo
	$(TOOL) compare $(DEMO) $(WORDPIECE_DEMO) --corpus Corpora/*.txt --color never
	@echo
	$(TOOL) convert $(UNIGRAM_DEMO)/tokenizer.json --to sentencepiece --force -o .build/demo-converted
	@echo
	$(TOOL) export $(DEMO) --dim 512 --force -o $(LAYER_DEMO)
	@text='Dolphins leap gracefully over waves.'; \
	echo "text:    $$text"; \
	echo "tokens:  $$(printf '%s\n' "$$text" | $(TOOL) encode $(DEMO) --tokens)"; \
	echo "ids:     $$(printf '%s\n' "$$text" | $(TOOL) encode $(DEMO))"; \
	$(TOOL) embed $(LAYER_DEMO) "$$text" | head -n 12; \
	$(TOOL) embed $(LAYER_DEMO) "$$text" --force --npy .build/demo-input.npy; \
	for python in $(VENV)/bin/python python3; do \
	  if $$python -c 'import numpy' 2>/dev/null; then \
	    $$python Tests/Interop/transformer_layer.py .build/demo-input.npy; break; fi; done
	@echo
	$(TOOL) export $(DEMO) --dim 64 --init corpus --corpus Corpora --force -o $(LAYER_DEMO)-learned
	$(TOOL) neighbors $(LAYER_DEMO)-learned water bread -n 4 --plot .build/demo-map.svg --force
	@echo
	$(TOOL) transfer --from $(LAYER_DEMO)-learned/embeddings.safetensors --from-tokenizer $(DEMO) \
	  --to-tokenizer $(WORDPIECE_DEMO) --force -o .build/demo-transferred.safetensors
	@echo
	@text='Ｔｈｅ ﬁnest café №①'; \
	echo "text:    $$text"; \
	echo "nfkc:    $$(printf '%s\n' "$$text" | $(TOOL) normalize -n nfkc,lower)"; \
	printf '%s\n' "$$text" | $(TOOL) normalize -n nfkc --diff | tail -n 3

test: deps units interop

units:
	swift build --build-tests $(STRICT_FLAGS)
	swift test --skip-build $(STRICT_FLAGS)
	swiftc -typecheck -swift-version 6 -parse-as-library -I .build/debug/Modules \
	  $(addprefix -Xcc -fmodule-map-file=,.build/debug/NativeBridges.build/module.modulemap \
	    $(wildcard Sources/C*/module.modulemap)) Tests/Fuzz/Sources/fuzz/*.swift

# Most tests start one process after the other, so that a test for each processor runs at a time.
interop: build $(VENV)/ready
	$(VENV)/bin/python -m pytest -q -n $$(getconf _NPROCESSORS_ONLN) --dist worksteal \
	  Tests/Interop Tests/Faults -m "not exact"

exact: build $(VENV)/exact-ready
	$(VENV)/bin/python -m pytest -q Tests/Interop Tests/Faults

bench: build $(VENV)/exact-ready
	$(VENV)/bin/python Tests/Benchmarks/bench.py $(CORPUS)

# What was learned is kept for the next time; what fails is left in found/.
fuzz: deps $(VENV)/ready
	swift build --package-path Tests/Fuzz -c release -Xswiftc -sanitize=fuzzer,address \
	  -Xswiftc -use-ld=lld -Xcc -fsanitize=fuzzer-no-link,address
	$(VENV)/bin/python Tests/Fuzz/seeds.py $(FUZZER)/seeds
	@for target in $(FUZZ_TARGETS); do \
	  mkdir -p $(FUZZER)/learned/$$target $(FUZZER)/found/$$target; \
	  echo "fuzzing $$target for $(FUZZ_SECONDS) s"; \
	  SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 $(FUZZER)/release/fuzz $$target \
	    -max_total_time=$(FUZZ_SECONDS) -max_len=2000 -timeout=10 -rss_limit_mb=1024 \
	    -verbosity=0 -print_final_stats=1 -artifact_prefix=$(FUZZER)/found/$$target/ \
	    $(FUZZER)/learned/$$target $(FUZZER)/seeds/$$target || exit 1; \
	done

# The real libraries at pinned versions; made anew when the pins change.
$(VENV)/ready: Tests/Interop/requirements.txt
	python3 -m venv $(VENV)
	$(VENV)/bin/python -m pip install -q -r $<
	touch $@

$(VENV)/exact-ready: Tests/Interop/requirements-exact.txt $(VENV)/ready
	@if [ "$$(uname)" = Linux ]; then $(MAKE) deps DEBIAN_PACKAGES="$(EXACT_PACKAGES)"; fi
	$(VENV)/bin/python -m pip install -q -r $<
	@if [ "$$(uname)" = Linux ]; then \
	  /usr/bin/python3 -m venv --system-site-packages $(VENV)/torch; \
	  $(VENV)/torch/bin/python -m pip install -q transformers==4.46.3; fi
	touch $@

format:
	swift format -i -r Package.swift Sources Tests

lint:
	swift format lint --strict -r Package.swift Sources Tests

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 $(TOOL) "$(DESTDIR)$(PREFIX)/bin/toktrain"

# A folder of archives alone, to which pkg-config files point, makes the linker take these; another
# place to build in keeps the usual build as it is.
relocatable: deps
	rm -rf $(RELOCATABLE) $(RELOCATABLE)-libraries
	mkdir -p $(RELOCATABLE)/bin $(RELOCATABLE)/lib $(RELOCATABLE)-libraries
	@for library in $(STATIC_LIBRARIES); do \
	  archive=$$(cc -print-file-name=lib$$library.a); \
	  if [ ! -e "$$archive" ]; then echo "lib$$library.a is missing" >&2; exit 1; fi; \
	  ln -s "$$archive" $(RELOCATABLE)-libraries/; done
	@for package in $(STATIC_PACKAGES); do \
	  sed 's|^libdir *=.*|libdir=$(CURDIR)/$(RELOCATABLE)-libraries|' \
	    "$$(pkg-config --variable=pcfiledir $$package)/$$package.pc" \
	    > $(RELOCATABLE)-libraries/$$package.pc; done
	swift build -c release --product toktrain --scratch-path $(RELOCATABLE)-build \
	  --pkg-config-path $(CURDIR)/$(RELOCATABLE)-libraries --static-swift-stdlib \
	  -Xlinker --disable-new-dtags -Xlinker -rpath -Xlinker '$$ORIGIN/../lib'
	install -s -m 755 $(RELOCATABLE)-build/release/toktrain $(RELOCATABLE)/bin/
	ldd $(RELOCATABLE)-build/release/toktrain | awk '/$(SHARED_LIBRARIES)/ { print $$3 }' \
	  | xargs cp -L -t $(RELOCATABLE)/lib
	@others=$$(readelf -d $(RELOCATABLE)/bin/toktrain | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' \
	  | grep -Ev '^($(SHARED_LIBRARIES)|lib(c|m|dl|pthread|rt)\.so|ld-linux)'); \
	if [ -n "$$others" ]; then echo "not relocatable, it needs:" $$others >&2; exit 1; fi
	tar -C $(RELOCATABLE) -czf $(RELOCATABLE).tar.gz bin lib

clean:
	rm -rf .build $(VENV) $(FUZZER)
