#
# Debian packages
#

DEPS      := baresip-core gcc libc6-dev libre-dev librem-dev \
	libcurl4-openssl-dev libexpat1-dev libssl-dev pkg-config
DEPS_RUN  := $(DEPS) python3
DEPS_E2E  := $(DEPS_RUN) ca-certificates python3-pytest kamailio \
	kamailio-tls-modules lighttpd nginx-light openssl curl sip-tester \
	sipsak dnsmasq-base socat tftpd-hpa vsftpd iproute2
DEPS_TEST := $(DEPS_E2E) libcmocka-dev valgrind cppcheck clang clang-tidy \
	libclang-rt-dev debootstrap

#: make deps         install the Debian packages that a build needs
deps:
	@mk/install-packages $(DEPS)

#: make deps-run     ... that make run needs
deps-run:
	@mk/install-packages $(DEPS_RUN)

#: make deps-e2e     ... that make e2e needs
deps-e2e:
	@mk/install-packages $(DEPS_E2E)

#: make deps-test    ... that make test needs
deps-test:
	@mk/install-packages $(DEPS_TEST)

.PHONY: deps deps-run deps-e2e deps-test
