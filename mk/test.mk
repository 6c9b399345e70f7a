#
# Tests. Each part writes one line for each test into build/results/<part>
# (PASS, FAIL or SKIP, the name, the reason), prints their sum, and fails if
# one failed. make test runs all parts, whatever fails, and sums them up.
#

RESULTS := $(BUILD)/results
TALLY   := $(PYTHON) tests/tally
PARTS   := unit oom replay compile e2e asan tsan valgrind lint check-debian13

#: make test         all tests: installs what they need, says what failed
test: deps-test
	@rm -rf $(RESULTS) && mkdir -p $(RESULTS)
	@for part in $(PARTS); do \
		$(SUBMAKE) $$part || \
		grep -qs ^FAIL $(RESULTS)/$$part || \
		echo "FAIL make $$part" >>$(RESULTS)/$$part; \
	done
	@$(TALLY) sum all $(PARTS:%=$(RESULTS)/%)

# $(call begin) $(call end): what stands around a part
begin = @mkdir -p $(RESULTS) && rm -f $(RESULTS)/$@
end   = @$(TALLY) sum $@ $(RESULTS)/$@


#
# Unit tests: tests/unit/test_<source>.c, each a program of its own. A comment
# "links: a.c b.c" near its top names the sources it is linked with, relative
# to the module, or to tests/unit. Built plain and with the sanitizers.
#

UNIT := $(patsubst tests/unit/%.c,%,$(sort $(wildcard tests/unit/test_*.c)))

links = $(foreach f,$(shell tests/unit/links $1),$(firstword \
	$(wildcard tests/unit/$f) modules/provnotify/$f))

# $(eval $(call unit_variant,VARIANT))
define unit_variant
.SECONDEXPANSION:
$(BUILD)/$1/test_%: $(BUILD)/$1/tests/unit/test_%.o $$$$(call \
		objects,$1,$$$$(call links,tests/unit/test_$$$$*.c))
	@echo '  LD      $$@'
	@$$(CC) $$(CFLAGS) $$(LDFLAGS) $$(FLAGS) $$^ $$(PN_LIBS) -lcmocka \
		-o $$@

-include $(patsubst %.c,$(BUILD)/$1/%.d,$(wildcard tests/unit/*.c))
endef

.SECONDARY:

$(eval $(call unit_variant,plain))
$(eval $(call unit_variant,asan))

#: make unit         unit tests, plain and with the sanitizers
unit: $(UNIT:%=$(BUILD)/plain/%) $(UNIT:%=$(BUILD)/asan/%)
	$(begin)
	@$(TALLY) unit $(RESULTS)/$@ $^
	$(end)


#
# Out of memory: each unit test again, with the first, the second, the third
# ... allocation of the module failing; tests/unit/oom.c says how. Of each test
# so many are picked with a seed; 0 is all, which takes hours. What a test then
# waits for in vain, it waits for half a second only.
#

OOM_RUNS ?= 10
OOM_SEED ?= 1

$(eval $(call variant,oom,$(SANITIZE) -finstrument-functions \
	-finstrument-functions-exclude-file-list=tests/))
$(eval $(call unit_variant,oom))

$(UNIT:%=$(BUILD)/oom/%): $(BUILD)/oom/tests/unit/oom.o

#: make oom          unit tests while allocations fail; OOM_RUNS=0: all of them
oom: $(UNIT:%=$(BUILD)/oom/%)
	$(begin)
	@OOM_RUNS=$(OOM_RUNS) OOM_SEED=$(OOM_SEED) PATIENCE_MS=500 \
		$(TALLY) oom $(RESULTS)/$@ $^
	$(end)


#
# Threads: the unit tests that have some, and stories end to end, with
# ThreadSanitizer. libre and libcurl are not built with it: it knows what they
# do with memory, locks and files, and sees the module's own accesses alone.
# Where a kernel spreads addresses wider than it knows, it must not.
#

TSAN_UNIT := $(patsubst tests/unit/%.c,%,$(shell grep -lE \
	'(worker/|http_)thread\.c' tests/unit/test_*.c))
NO_ASLR   := $(shell setarch -R true 2>/dev/null && echo setarch -R)

$(eval $(call variant,tsan,-fsanitize=thread))
$(eval $(call unit_variant,tsan))

tsan: PYTHON := $(NO_ASLR) $(PYTHON)

#: make tsan         threads: unit tests, and stories end to end
tsan: $(TSAN_UNIT:%=$(BUILD)/tsan/%) $(BUILD)/tsan/provnotify.so
	$(begin)
	@$(NO_ASLR) $(TALLY) unit $(RESULTS)/$@ $(TSAN_UNIT:%=$(BUILD)/tsan/%)
	$(call e2e,$(BUILD)/tsan/provnotify.so,--tsan)
	$(end)


#
# Compile checks: every release that compat/ declares, without a warning, and
# the declarations against a real header where there is one
#

$(eval $(call variant,as-1.0.0,-Werror -UPN_BARESIP -DPN_BARESIP=10000))
$(eval $(call variant,as-1.1.0,-Werror -UPN_BARESIP -DPN_BARESIP=10100))

#: make compile      compile checks; BARESIP_INC=dir adds a real header
compile:
	$(begin)
	@for release in 1.0.0 1.1.0; do \
		$(TALLY) run $(RESULTS)/$@ "compiles as $$release" \
		$(SUBMAKE) -s BARESIP_INC= HEADER= \
		$(BUILD)/as-$$release/provnotify.so; done
	@$(TALLY) run $(RESULTS)/$@ "declarations match baresip.h" \
		tests/unit/decl "$(HEADER)" "$(PN_BARESIP)" \
		$(CC) $(PN_CFLAGS) -DPN_BARESIP=$(PN_BARESIP)
	$(end)


#
# End to end: real baresip, Kamailio, nginx and sipp. T=... picks tests by
# name, as pytest's -k does.
#

# $(call e2e,MODULE,OPTIONS); pytest's status 1 is that of failed tests
e2e = @$(call e2e_run,$1,$2)
e2e_run = PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m pytest -q \
	-p no:cacheprovider --results=$(RESULTS)/$@ --module=$1 \
	--baresip=$(BARESIP) --modules=$(MODULE_DIR) $2 \
	$(if $(T),-k '$(T)') tests/e2e \
	|| [ $$? = 1 ] || echo 'FAIL pytest' >>$(RESULTS)/$@

#: make e2e          end to end; T=name runs those whose name matches
e2e: $(MODULE)
	$(begin)
	$(call e2e,$(MODULE))
	$(end)

#: make asan         the same with the sanitizers' build of the module
asan: $(BUILD)/asan/provnotify.so
	$(begin)
	$(call e2e,$<,--asan)
	$(end)

#: make valgrind     one story end to end under valgrind: errors and leaks
valgrind: $(MODULE)
	$(begin)
	$(call e2e,$(MODULE),--valgrind)
	$(end)


#
# make e2e plays these for seconds, with a seed that is always the same.
# SEED=.. and NUMBER=.. make them longer, and different.
#

SEED   ?= $(shell date +%s)
NUMBER ?= 100000

# $(call long,TEST)
long = $(call e2e,$(BUILD)/asan/provnotify.so,\
	--asan -s --seed=$(SEED) --number=$(NUMBER) -k $1)

#: make torture      NUMBER (100000) mutated messages, of a SEED
torture: $(BUILD)/asan/provnotify.so
	$(begin)
	$(call long,test_mutations)
	$(end)

#: make soak         NUMBER steps of a phone's life: is anything left?
soak: $(BUILD)/asan/provnotify.so
	$(begin)
	$(call long,test_soak)
	$(end)


#
# Another release: the same end to end tests in a Debian that has it, which is
# made once (650 MB) and goes with make clean.
#

DEBIAN13 := $(BUILD)/debian13

#: make check-debian13  end to end in a chroot of Debian 13: baresip 1.1.0
check-debian13:
	$(begin)
	@rm -rf $(DEBIAN13)/build/results
	@$(TALLY) run $(RESULTS)/$@ "Debian 13 in a chroot" \
		mk/debian make $(DEBIAN13) trixie
	@! grep -q ^PASS $(RESULTS)/$@ || { \
		$(TALLY) run $(RESULTS)/$@ "builds there without a warning" \
		mk/debian run $(DEBIAN13) make -s -j2 WERROR=yes; \
		mk/debian run $(DEBIAN13) make WERROR=yes T='$(T)' e2e; \
		sed 's/ / debian13 /' $(DEBIAN13)/build/results/e2e \
		>>$(RESULTS)/$@ || echo 'FAIL e2e there' >>$(RESULTS)/$@; }
	$(end)


#
# Asterisk 22, which Debian 12 has not: from sid, in a chroot like that
#

SID := $(BUILD)/sid

#: make check-asterisk  end to end with an Asterisk 22 in a chroot of sid
check-asterisk: deps-test
	@$(MAKE) --no-print-directory $(MODULE)
	$(begin)
	@$(TALLY) run $(RESULTS)/$@ "Asterisk in a chroot of sid" \
		mk/debian make $(SID) sid asterisk
	@! grep -q ^PASS $(RESULTS)/$@ || { \
	$(call e2e_run,$(MODULE),--asterisk=$(SID)); }
	$(end)


#
# Fuzzing: tests/fuzz/fuzz_<what>.c, with the same "links" comment, and a
# corpus in tests/fuzz/corpus/fuzz_<what>
#

FUZZ_SECONDS ?= 60
FUZZ := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))

FUZZ_CC := clang -O1 -g -fsanitize=fuzzer,address,undefined \
	-fno-sanitize-recover=undefined

.SECONDEXPANSION:
$(BUILD)/fuzz/%: tests/fuzz/%.c $(BUILD)/plain/flags \
		$$(call links,tests/fuzz/$$*.c)
	@mkdir -p $(@D)
	@echo '  FUZZ    $@'
	@$(FUZZ_CC) $(PN_CFLAGS) -DPN_BARESIP=$(PN_BARESIP) \
		$(filter %.c,$^) $(PN_LIBS) -o $@

#: make fuzz         fuzz every parser for FUZZ_SECONDS (60) each
fuzz: $(FUZZ:%=$(BUILD)/fuzz/%)
	$(begin)
	@for f in $(FUZZ); do \
		mkdir -p $(BUILD)/fuzz/corpus/$$f; \
		$(TALLY) run $(RESULTS)/$@ $$f tests/fuzz/log \
		$(BUILD)/fuzz/$$f.log $(BUILD)/fuzz/$$f -timeout=30 \
		-max_total_time=$(FUZZ_SECONDS) \
		-artifact_prefix=$(BUILD)/fuzz/$$f- \
		$(BUILD)/fuzz/corpus/$$f tests/fuzz/corpus/$$f; \
	done
	@tests/fuzz/table $(FUZZ:%=$(BUILD)/fuzz/%.log)
	$(end)

#: make replay       each fuzz target over its corpus once
replay: $(FUZZ:%=$(BUILD)/fuzz/%)
	$(begin)
	@for f in $(FUZZ); do \
		$(TALLY) run $(RESULTS)/$@ $$f $(BUILD)/fuzz/$$f -runs=0 \
		-timeout=30 tests/fuzz/corpus/$$f; \
	done
	$(end)

.PHONY: test unit oom tsan compile e2e asan valgrind torture soak \
	check-debian13 check-asterisk fuzz replay
