#
# module.mk  For baresip 1.x: put this folder into modules/ and build baresip
#            with EXTRA_MODULES=provnotify
#

MOD		:= provnotify
$(MOD)_SRCS	+= $(patsubst modules/$(MOD)/%,%,$(sort \
	$(shell find modules/$(MOD)/ -name '*.c')))
$(MOD)_LFLAGS	+= -lcurl -lexpat -lssl -lcrypto -lpthread

$(BUILD)/modules/$(MOD)/%.o: CFLAGS += -std=gnu11 -D_GNU_SOURCE \
	-DPN_BARESIP_H -Imodules/provnotify -DPN_BARESIP=$(shell \
	sed -n 's/^.define BARESIP_VERSION *"\(.*\)"/\1/p' \
	include/baresip.h | awk -F. '{print $$1*10000 + $$2*100 + $$3}')

include mk/mod.mk
