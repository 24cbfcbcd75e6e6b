// The server's program: everything is in Host.
// SPDX-License-Identifier: MIT

import Host

hostMain()
