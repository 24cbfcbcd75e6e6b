// pve-mcp: serve MCP on standard input and output.
// SPDX-License-Identifier: MIT

import EventLoop
import Glibc
import MCP
import PluginLoader
import Proxmox

enum ServeCommand {
    static func run(_ arguments: CommandLineArguments) throws(SettingError) -> Int32 {
        var source = try source(arguments)
        let settings = try Settings(source)
        var simulator: SimulatorProcess?
        if arguments.demo {
            let started = try SimulatorProcess.start()
            simulator = started
            source = SettingSource(flags: [:], environment: started.settings, file: nil)
        }
        defer { simulator?.end() }
        let connection = try Settings.connection(source)

        guard let output = StandardOutput.takeOver() else {
            throw SettingError("standard output cannot be used: \(TextFile.lastError)")
        }
        let inventory = try PluginPlaces.load(settings)
        for refusal in inventory.refusals { Log.warning("plugin refused: \(refusal.message)") }
        let registry = try Registry(inventory, settings)
        for omission in registry.omissions where omission.reason.hasPrefix("refused") {
            Log.warning("tool \(omission.name) of plugin \(omission.category) \(omission.reason)")
        }

        let loop = EventLoop()
        let policy = HostPolicy(tier: settings.tier, checksSchema: settings.checksSchema)
        let client = Client(settings: connection, policy: policy, loop: loop)
        let target = arguments.demo ? "a simulated cluster" : connection.baseURL.text
        let session = Session(
            identity: ServerIdentity(name: "pve-mcp", title: "Proxmox VE", version: Version.text),
            instructions: { Instructions.text(for: inventory, registry, settings, target: target) },
            tools: { registry.entries.map { $0.tool.definition() } })
        let writer = FrameWriter(descriptor: output.descriptor) { loop.post { loop.stop() } }
        let server = Server(
            loop: loop, session: session, registry: registry, client: client, input: 0, writer: writer,
            debug: settings.debug)
        SignalWatch.install(on: loop) { server.stop() }
        output.watch(on: loop)
        if !arguments.demo {
            StartCheckProcess.schedule(on: loop, client, strict: arguments.strict, arguments: arguments.connectionWords)
            {
                server.stop(status: 3)
            }
        }
        let status = server.run()
        output.reportStrays()
        return status
    }
}

/// What a request must pass before it leaves: the tier by its risk, and the API's schema.
struct HostPolicy: RequestPolicy {
    let tier: Tier
    let checksSchema: Bool

    func check(_ request: Request, release: String?) -> Failure? {
        if let refusal = Risk.refusal(of: request, allowed: tier) { return .refused(refusal) }
        if checksSchema, let refusal = Facts.refusal(of: request, release: release) { return .schema(refusal) }
        return nil
    }
}
