# Names for the scripts. SPDX-License-Identifier: MIT
.PHONY: all install demo test bench format docs clean

PREFIX ?= /usr/local

all:
	swift build -c release
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pve-mcp/plugins
	install -m 755 .build/release/pve-mcp .build/release/pve-sim $(DESTDIR)$(PREFIX)/bin
	install -m 644 .build/release/libpve-*.so $(DESTDIR)$(PREFIX)/lib/pve-mcp/plugins
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
