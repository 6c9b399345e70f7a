#
# Lint: our own style, clang-tidy (.clang-tidy) and cppcheck
#

STYLED := $(SOURCES) $(shell find modules tests -name '*.h') \
	$(wildcard Makefile mk/* conf/notify tests/tally tests/lint/* \
	tests/unit/* tests/fuzz/*.c tests/fuzz/log tests/fuzz/table \
	tests/bench/* tests/e2e/*.py) \
	modules/provnotify/module.mk modules/provnotify/CMakeLists.txt

LINT_FLAGS = $(PN_CFLAGS) -DPN_BARESIP=$(PN_BARESIP)

#: make lint         our own style, clang-tidy, cppcheck, who calls whom
lint: $(BUILD)/plain/tables
	$(begin)
	@$(TALLY) run $(RESULTS)/$@ style tests/lint/style $(STYLED)
	@$(TALLY) run $(RESULTS)/$@ clang-tidy sh -c 'echo $(SOURCES) | \
		xargs -n8 -P$(JOBS) \
		sh -c '\''clang-tidy --quiet "$$@" -- $(LINT_FLAGS)'\'' sh'
	@$(TALLY) run $(RESULTS)/$@ cppcheck \
		cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 \
		--enable=warning,performance,portability \
		--suppress=missingIncludeSystem -j$(JOBS) \
		$(filter -D% -Imodules%,$(LINT_FLAGS)) modules/provnotify
	@$(TALLY) run $(RESULTS)/$@ floors tests/lint/floors \
		$(BUILD)/plain/modules/provnotify \
		$(call objects,plain,$(SOURCES))
	@$(TALLY) run $(RESULTS)/$@ readme \
		tests/lint/readme $(TABLES) README.md
	$(end)

.PHONY: lint


#
# The README's tables of keys and of formats are printed by the code that has
# them. The program is linked with all of the module, and calls no baresip.
#

TABLES := $(BUILD)/plain/tables

$(TABLES): tests/lint/tables.c $(call objects,plain,$(SOURCES))
	@echo '  LD      $@'
	@$(compile) $(filter %.c %.o,$^) -no-pie \
		-Wl,--unresolved-symbols=ignore-all \
		$(PN_LIBS) -o $@

#: make tables       write the README's generated tables
tables: $(TABLES)
	@tests/lint/readme --write $(TABLES) README.md

.PHONY: tables
