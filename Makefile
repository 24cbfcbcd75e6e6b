# Names for the scripts. SPDX-License-Identifier: MIT
.PHONY: all demo test bench format docs clean

all:
	swift build -c release
demo:
	scripts/demo
test:
	scripts/test
bench:
	scripts/bench
format:
	swift format --in-place --recursive Sources Plugins Tests Package.swift
docs:
	scripts/generate-docs
clean:
	swift package clean
