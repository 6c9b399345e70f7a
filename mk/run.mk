#
# A phone to try the module with
#

#: make run          a phone to play with: no server, no sound card needed
run: deps-run
	@$(SUBMAKE) $(MODULE)
	@mk/run $(abspath $(BUILD)/run) $(abspath $(MODULE)) $(MODULE_DIR) \
		$(BARESIP)

#: make demo         the whole story with Kamailio and nginx, in half a minute
demo: deps-test
	@$(SUBMAKE) $(MODULE)
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tests/e2e/demo.py $(MODULE)

.PHONY: run demo
