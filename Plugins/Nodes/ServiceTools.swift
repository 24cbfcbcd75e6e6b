// Tools for the services of a node.
// SPDX-License-Identifier: MIT

import PluginKit

var serviceTools: [Tool] {
    []
}
