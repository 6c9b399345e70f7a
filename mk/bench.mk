#
# How fast it is: a table of ratios. No part of make test. How a row is added
# is said in tests/bench/bench.py.
#

TOOLS := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,\
	$(sort $(wildcard tests/bench/*.c)))

$(BUILD)/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	@echo '  CC      $@'
	@$(CC) -std=gnu11 -Wall -Wextra $(if $(WERROR),-Werror) -D_GNU_SOURCE \
		-O2 $(SHARED) $< -o $@

$(BUILD)/bench/holds: SHARED := -shared -fPIC

# $(call bench,OPTIONS)
bench = PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tests/bench/bench.py \
	--module $(MODULE) --tools $(BUILD)/bench $1

#: make bench        how fast it is, as a table; T=name measures some rows
bench: deps-test
	@$(SUBMAKE) -s $(MODULE) $(TOOLS)
	@$(call bench,$(if $(T),-k '$(T)'))

#: make bench-readme ... and write it into the README
bench-readme: deps-test
	@$(SUBMAKE) -s $(MODULE) $(TOOLS)
	@$(call bench,--write README.md)

.PHONY: bench bench-readme
