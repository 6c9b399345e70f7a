#
# provnotify: a baresip module that makes baresip a phone a server can manage
#
# make help tells what there is to make.
#

BUILD  := build
MODULE := $(BUILD)/provnotify.so

all: $(MODULE)

include mk/config.mk
include mk/build.mk
include mk/deps.mk
include mk/test.mk
include mk/lint.mk
include mk/bench.mk
include mk/run.mk

help:
	@sed -n 's/^#: //p' $(MAKEFILE_LIST)

clean:
	rm -rf $(BUILD)

.DELETE_ON_ERROR:
.PHONY: all help clean FORCE

#: make              build build/provnotify.so for the installed baresip
#: make help         this list
#: make clean        remove all that was built
