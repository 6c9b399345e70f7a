#
# What is built, for which baresip, with what
#
# BARESIP_INC=dir   a folder with a real baresip.h; else that of pkg-config
#                   libbaresip; else the module's own declarations in compat/
# BARESIP_VER=x.y.z the release to build for; else that of the header, else
#                   that of the installed program
# RE_INC=dir        libre's headers, where pkg-config does not know them
# WERROR=yes        warnings are errors
# JOBS=n            how many compilers at once in make run, test and the like
#

BARESIP    ?= baresip
CFLAGS     ?= -O2 -g
PYTHON     ?= /usr/bin/python3
PKG_CONFIG ?= pkg-config
JOBS       ?= $(shell nproc)

# make, with as many compilers as there are processors
SUBMAKE = $(MAKE) --no-print-directory -j$(JOBS)

pkg = $(shell $(PKG_CONFIG) $1 2>/dev/null)

ifeq ($(BARESIP_INC),)
BARESIP_INC := $(call pkg,--variable=includedir libbaresip)
endif

ifneq ($(BARESIP_INC),)
HEADER := $(BARESIP_INC)/baresip.h
BARESIP_VER ?= $(shell \
	sed -n 's/^.define BARESIP_VERSION *"\(.*\)"/\1/p' $(HEADER))
else
BARESIP_VER ?= $(shell \
	$(BARESIP) -h 2>/dev/null | sed -n '1s/^baresip v\([0-9.]*\).*/\1/p')
endif

# 1.0.0 is 10000, 4.10.0 is 41000
PN_BARESIP := $(shell echo '$(BARESIP_VER)' | \
	awk -F. '/^[0-9]+\.[0-9]+/ {print $$1*10000 + $$2*100 + $$3}')

PN_CFLAGS := -std=gnu11 -Wall -Wextra -fPIC -fvisibility=hidden -pthread \
	$(if $(WERROR),-Werror) \
	-D_GNU_SOURCE -DHAVE_INET6 -DHAVE_INTTYPES_H -DHAVE_STDBOOL_H \
	$(if $(HEADER),-DPN_BARESIP_H -I$(BARESIP_INC)) \
	-Imodules/provnotify \
	$(if $(RE_INC),-I$(RE_INC),$(or $(call pkg,--cflags libre librem),\
	-I/usr/include/re -I/usr/include/rem))

PN_LIBS := -lre -lcurl -lexpat -lssl -lcrypto -lpthread

# baresip has none of its own: it loads what stands here
MODULE_DIR ?= /usr/lib/baresip/modules
