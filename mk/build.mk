#
# How the module is built
#
# Each variant (plain, asan, ...) has its own folder of objects; sources are
# found by wildcard. build/<variant>/flags holds the command line, so that
# other flags, another release or another header build everything anew.
#

SOURCES := $(shell find modules/provnotify -name '*.c' | LC_ALL=C sort)

compile = $(CC) $(CFLAGS) $(PN_CFLAGS) -DPN_BARESIP=$(PN_BARESIP) $(FLAGS)

# $(call objects,VARIANT,SOURCES)
objects = $(patsubst %.c,$(BUILD)/$1/%.o,$2)

# $(eval $(call variant,NAME,FLAGS))
define variant
$(BUILD)/$1/%: FLAGS := $2

ifneq ($$(strip $$(compile) $2),$$(file <$(BUILD)/$1/flags))
$(BUILD)/$1/flags: FORCE
endif

$(BUILD)/$1/flags:
	@mkdir -p $$(@D)
	@mk/need '$$(CC)' '$$(PN_BARESIP)' $$(PN_CFLAGS)
	@printf '%s' '$$(strip $$(compile))' >$$@

$(BUILD)/$1/%.o: %.c $(BUILD)/$1/flags
	@mkdir -p $$(@D)
	@echo '  CC      $$@'
	@$$(compile) -MMD -MP -c $$< -o $$@

$(BUILD)/$1/provnotify.so: $(call objects,$1,$(SOURCES))
	@echo '  LD      $$@'
	@$$(CC) $$(CFLAGS) $$(LDFLAGS) $2 -shared -Wl,-z,relro,-z,now \
		$$^ $$(PN_LIBS) -o $$@

-include $(patsubst %.o,%.d,$(call objects,$1,$(SOURCES)))
endef

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer

$(eval $(call variant,plain,))
$(eval $(call variant,asan,$(SANITIZE)))

# Undefined symbols are right in a module, but baresip must have them: its own
# loader tells, where the build is for the baresip that is here
$(MODULE): $(BUILD)/plain/provnotify.so
ifeq ($(origin BARESIP_VER)$(HEADER),file)
	@! LD_PRELOAD=$(abspath $<) $(BARESIP) -h 2>&1 | \
		grep 'undefined symbol'
endif
	@ln -f $< $@

#: make install      put it into baresip's module folder (MODULE_DIR, DESTDIR)
install: $(MODULE)
	install -d $(DESTDIR)$(MODULE_DIR)
	install -m 0644 $(MODULE) $(DESTDIR)$(MODULE_DIR)

#: make uninstall    take it out again
uninstall:
	rm -f $(DESTDIR)$(MODULE_DIR)/provnotify.so

.PHONY: install uninstall
