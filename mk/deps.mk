#
# Debian packages
#

DEPS      := baresip-core gcc libc6-dev libre-dev librem-dev \
	libcurl4-openssl-dev libexpat1-dev libssl-dev pkg-config
DEPS_RUN  := $(DEPS) python3
DEPS_TEST := $(DEPS_RUN) python3-pytest libcmocka-dev kamailio lighttpd \
	nginx-light openssl sip-tester sipsak dnsmasq-base socat tftpd-hpa \
	vsftpd valgrind cppcheck clang clang-tidy libclang-rt-dev iproute2

#: make deps         install the Debian packages that a build needs
deps:
	@mk/install-packages $(DEPS)

#: make deps-run     ... that make run needs
deps-run:
	@mk/install-packages $(DEPS_RUN)

#: make deps-test    ... that make test needs
deps-test:
	@mk/install-packages $(DEPS_TEST)

.PHONY: deps deps-run deps-test
