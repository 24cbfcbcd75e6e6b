# Where pve-mcp is on this machine. Not for other machines: without this file, the Makefile asks pkg-config.
PVE_BIN = $(CURDIR)/../../.build/release
PVE_LIB = $(CURDIR)/../../.build/release
PVE_INCLUDE = $(CURDIR)/../../Sources/CPluginTesting/include
PVE_KIT = $(CURDIR)/../../Packaging/PluginKit
