// A call that runs in a plugin's process, as the host sees it.
// SPDX-License-Identifier: MIT

import JSON
import PluginLoader
import Proxmox

/// A call for a plugin's process, and where what comes of it goes. On the loop's thread.
final class IsolatedCall {
    let tool: Tool
    let arguments: JSONValue
    /// Sends a request that the tool declares.
    let request: (Request, @escaping CallContext.Completion) -> Void
    let report: (IsolatedProgress) -> Void
    /// The one end: a reply, or nil where the code gave none.
    let ended: (CallContext.Reply?) -> Void

    init(
        _ tool: Tool, _ arguments: JSONValue, request: @escaping (Request, @escaping CallContext.Completion) -> Void,
        report: @escaping (IsolatedProgress) -> Void, ended: @escaping (CallContext.Reply?) -> Void
    ) {
        self.tool = tool
        self.arguments = arguments
        self.request = request
        self.report = report
        self.ended = ended
    }
}
