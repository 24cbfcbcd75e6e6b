"""What the end-to-end tests stand on: the programs, a raw client, the simulator, an unruly server."""
# SPDX-License-Identifier: MIT
