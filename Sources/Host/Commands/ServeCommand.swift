// pve-mcp: serve MCP on standard input and output.
// SPDX-License-Identifier: MIT

import CSystem
import EventLoop
import Glibc
import MCP
import PluginLoader
import Proxmox

enum ServeCommand {
    static func run(_ arguments: CommandLineArguments) throws(SettingError) -> Int32 {
        // About what twelve categories and the list of their tools take.
        csystem_prepare_heap(768 << 10)
        var source = try source(arguments)
        let settings = try Settings(source)
        Log.showsDebug.store(settings.debug, ordering: .relaxed)
        var simulator: SimulatorProcess?
        if arguments.demo {
            let started = try SimulatorProcess.start()
            simulator = started
            source = SettingSource(flags: [:], environment: started.settings, file: nil)
        }
        defer { simulator?.end() }
        let connection = try Settings.connection(source)
        Secrets.hide()

        guard let streams = StandardStreams.takeOver() else {
            throw SettingError("standard input and output cannot be used: \(TextFile.lastError)")
        }
        let inventory = try PluginPlaces.load(settings)
        for omitted in inventory.leftOut { Log.warning("plugin left out: \(omitted.message)") }
        for refusal in inventory.refusals { Log.warning("plugin refused: \(refusal.message)") }
        let registry = try Registry(inventory, settings)
        for omission in registry.omissions {
            guard case .understated(let why) = omission.reason else { continue }
            Log.warning("tool \(omission.name) of plugin \(omission.category) refused: \(why)")
        }

        for remark in registry.remarks { Log.warning(remark) }

        let loop = EventLoop()
        let policy = HostPolicy(tier: settings.tier, checksSchema: settings.checksSchema)
        let client = Client(settings: connection, policy: policy, loop: loop)
        let target = arguments.demo ? "a simulated cluster" : connection.baseURL.text
        let session = Session(
            identity: ServerIdentity(name: "pve-mcp", title: "Proxmox VE", version: Version.text),
            instructions: { Instructions.text(for: inventory, registry, settings, target: target) },
            tools: { registry.entries.map { $0.tool.definition() } })
        let writer = FrameWriter(descriptor: streams.output) { loop.post { loop.stop() } }
        let server = Server(
            loop: loop, session: session, registry: registry,
            isolated: IsolatedPlugin.all(of: inventory, settings.isolation, loop: loop), client: client,
            confirmations: Confirmations(settings.confirmation, loop: loop, client: client), input: streams.input,
            writer: writer)
        SignalWatch.install(on: loop) { server.stop() }
        streams.watch(on: loop)
        let check = StartCheckProcess(on: loop, client, isStrict: arguments.strict) {
            server.stop(status: Server.badConnection)
        }
        server.isCheckAwaited = { [unowned check] in arguments.strict && check.isUnderWay }
        if !arguments.demo {
            check.schedule(environment: source.environment(for: connection.credentials, over: Environment.values))
        }
        defer { check.end() }

        // Loading plugins and listing tools touch much that is not used again.
        server.whenListed = { csystem_release_clean_pages() }
        let status = server.run()
        streams.reportStrays()
        if server.hasBusyWorkers {
            // The code of a plugin runs on and might use what `exit` tears down.
            check.end()
            simulator?.end()
            _exit(status)
        }
        return status
    }
}

/// What a request must pass before it leaves: its path, the tier by its risk, and the API's schema.
struct HostPolicy: RequestPolicy {
    let tier: Tier
    let checksSchema: Bool

    /// Only the schema differs between releases.
    var usesRelease: Bool { checksSchema }

    func adapt(_ request: Request, release: String?) -> Request? {
        checksSchema ? Facts.adaptation(of: request, release: release) : nil
    }

    func check(_ request: Request, release: String?) -> Failure? {
        if let failure = Risk.badPathValue(of: request) { return failure }
        if let refusal = Risk.refusal(of: request, allowed: tier) { return .refused(refusal) }
        if checksSchema, let refusal = Facts.refusal(of: request, release: release) { return .schema(refusal) }
        return nil
    }
}
