// A plugin whose code runs in processes of its own: which process runs which call.
// SPDX-License-Identifier: MIT

import EventLoop
import PluginLoader

/// The processes of one plugin. Each runs one call at a time, so that a crash or a hang is the error of that call alone;
/// further ones are started while all are busy. On the loop's thread.
final class IsolatedPlugin {
    let category: String
    let file: String
    let settings: IsolationSettings
    private let loop: EventLoop
    private var children: [IsolatedChild] = []
    private var queue: [IsolatedCall] = []
    private var restartsLeft: Int
    /// Why no process is started any more.
    private var givenUp: String?

    init(category: String, file: String, _ settings: IsolationSettings, loop: EventLoop) {
        self.category = category
        self.file = file
        self.settings = settings
        self.loop = loop
        restartsLeft = settings.restarts
    }

    /// The isolated plugins by category. No process is started before the first call.
    static func all(
        of inventory: PluginInventory, _ settings: IsolationSettings, loop: EventLoop
    ) -> [String: IsolatedPlugin] {
        var plugins: [String: IsolatedPlugin] = [:]
        for plugin in inventory.plugins where plugin.isIsolated {
            plugins[plugin.category] = IsolatedPlugin(
                category: plugin.category, file: plugin.file, settings, loop: loop)
        }
        return plugins
    }

    /// Runs the call as soon as a process is free for it.
    func run(_ call: IsolatedCall) {
        if let givenUp, children.isEmpty { return call.ended(.failure(givenUp)) }
        queue.append(call)
        runQueue()
    }

    /// Nobody waits for the call any more. Its code is told; one that goes on in silence is ended like one that hangs.
    func cancel(_ call: IsolatedCall) {
        if let index = queue.firstIndex(where: { $0 === call }) {
            queue.remove(at: index)
        } else {
            children.first { $0.call === call }?.cancel()
        }
    }

    /// Ends every process. Calls that run in them get no end.
    func end() {
        for child in children { child.end() }
        children = []
        queue = []
    }

    private func runQueue() {
        while let call = queue.first {
            guard let child = children.first(where: \.isIdle) ?? start() else { return }
            queue.removeFirst()
            child.run(call)
        }
    }

    private func start() -> IsolatedChild? {
        guard givenUp == nil, children.count < IsolationSettings.processes else { return nil }
        let child = IsolatedChild(self, loop: loop)
        switch child.start() {
        case .success:
            children.append(child)
            return child
        case .failure(let error):
            // With others at work, the call waits for one of them.
            if children.isEmpty { failAll("The process for plugin \(category) cannot be started: \(error.message)") }
            return nil
        }
    }

    private func failAll(_ message: String) {
        let calls = queue
        queue = []
        for call in calls { call.ended(.failure(message)) }
    }

    // MARK: From a process

    /// It is free for the next call.
    func freed(_ child: IsolatedChild) {
        runQueue()
        // One stays for the next call; more were for a rush.
        if child.isIdle, children.count(where: \.isIdle) > 1 { retire(child) }
    }

    /// It holds more memory than one that serves for long should; a new one takes its place.
    func retire(_ child: IsolatedChild) {
        remove(child)
        child.end()
        runQueue()
    }

    /// It is gone, by a fault of the plugin. `why` is a sentence.
    func lost(_ child: IsolatedChild, _ why: String) {
        remove(child)
        Log.warning("plugin \(category): \(why)")
        guard restartsLeft > 0 else {
            let message =
                "\(why) Plugin \(category) has been started again \(settings.restarts) times and is not started any more; "
                + "restart pve-mcp, or raise PVE_ISOLATE_RESTARTS."
            givenUp = message
            if children.isEmpty { failAll(message) }
            return
        }
        restartsLeft -= 1
        runQueue()
    }

    private func remove(_ child: IsolatedChild) { children.removeAll { $0 === child } }
}
