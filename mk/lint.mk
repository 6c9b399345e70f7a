#
# Lint: our own style, clang-tidy (.clang-tidy) and cppcheck
#

STYLED := $(SOURCES) $(shell find modules tests -name '*.h') \
	$(wildcard Makefile mk/* conf/notify tests/tally tests/lint/* \
	tests/unit/* tests/fuzz/*.c tests/bench/* tests/e2e/*.py) \
	modules/provnotify/module.mk modules/provnotify/CMakeLists.txt

LINT_FLAGS = $(PN_CFLAGS) -DPN_BARESIP=$(PN_BARESIP)

#: make lint         our own style, clang-tidy, cppcheck
lint:
	$(begin)
	@$(TALLY) run $(RESULTS)/$@ style tests/lint/style $(STYLED)
	@$(TALLY) run $(RESULTS)/$@ clang-tidy \
		clang-tidy --quiet $(SOURCES) -- $(LINT_FLAGS)
	@$(TALLY) run $(RESULTS)/$@ cppcheck \
		cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 \
		--enable=warning,performance,portability \
		--suppress=missingIncludeSystem -j2 \
		$(filter -D% -Imodules%,$(LINT_FLAGS)) modules/provnotify
	$(end)

.PHONY: lint
