# Names for the scripts. SPDX-License-Identifier: MIT
.PHONY: all install demo test bench format docs clean

PREFIX ?= /usr/local
ROOT = $(DESTDIR)$(PREFIX)

all:
	swift build -c release
install: all
	install -d $(ROOT)/bin $(ROOT)/lib/pve-mcp/plugins $(ROOT)/lib/pkgconfig $(ROOT)/include/pve-mcp
	install -m 755 .build/release/pve-mcp .build/release/pve-sim $(ROOT)/bin
	install -m 644 .build/release/libpve-*.so $(ROOT)/lib/pve-mcp/plugins
	install -m 644 Sources/PluginABI/include/*.h Sources/CPluginTesting/include/* $(ROOT)/include/pve-mcp
	install -m 644 .build/release/libpvetesting.so $(ROOT)/lib
	for name in pve-plugin pve-testing; do \
	    sed "s/@VERSION@/$$(.build/release/pve-mcp --version | cut -d ' ' -f 2)/" Packaging/$$name.pc \
	        > $(ROOT)/lib/pkgconfig/$$name.pc && chmod 644 $(ROOT)/lib/pkgconfig/$$name.pc || exit 1; done
	rm -rf $(ROOT)/share/pve-mcp/PluginKit
	cd Packaging/PluginKit && find -L Package.swift Sources -type f \
	    -exec install -D -m 644 {} $(abspath $(ROOT))/share/pve-mcp/PluginKit/{} \;
demo:
	scripts/demo
test:
	scripts/test
bench:
	scripts/bench
format:
	swift format --in-place --recursive Sources Plugins Tests Package.swift
docs: all
	scripts/generate-docs
	scripts/generate-schemas
clean:
	swift package clean
