// The simulator's program: everything is in Simulator.
// SPDX-License-Identifier: MIT

import Simulator

simulatorMain()
