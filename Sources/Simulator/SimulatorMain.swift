// The program pve-sim: starts the server, prints how to reach it, and waits to be stopped.
// SPDX-License-Identifier: MIT

import CSimulatorTLS
import CSystem
import Glibc

/// Runs pve-sim with the arguments of the process. Ends with 2 for a wrong option, 1 when it cannot start.
public func simulatorMain() -> Never {
    let options: SimulatorOptions
    do throws(SimulatorOptions.UsageError) {
        options = try SimulatorOptions(Array(CommandLine.arguments.dropFirst()))
    } catch {
        end(2, "pve-sim: \(error)")
    }
    switch options.shows {
    case .help: finish(SimulatorOptions.help)
    case .version: finish("pve-sim simulates Proxmox VE \(options.world.release)\n")
    case nil: break
    }
    if options.endsWithParent { _ = csystem_end_with_parent(SIGTERM) }
    let stopping = blockedSignals()
    do throws(Simulation.StartError) {
        let simulation = try Simulation(options)
        simulation.server.start()
        write(simulation.settings, to: STDOUT_FILENO)
        if options.endsWithInput {
            stopAtEndOfInput()
        } else {
            let release = options.world.release
            write("pve-sim: serving Proxmox VE \(release); stop it with Ctrl-C or SIGTERM\n", to: STDERR_FILENO)
        }
        var signals = stopping
        var received: Int32 = 0
        while sigwait(&signals, &received) != 0 {}
        simulation.removeFiles()
    } catch {
        end(1, "pve-sim: \(error)")
    }
    exit(0)
}

private func end(_ status: Int32, _ message: String) -> Never {
    write(message + "\n", to: STDERR_FILENO)
    exit(status)
}

private func finish(_ text: String) -> Never {
    write(text, to: STDOUT_FILENO)
    exit(0)
}

private func write(_ text: String, to file: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        if count <= 0 { return }
        bytes = bytes.dropFirst(count)
    }
}

/// SIGTERM and SIGINT wait for the main thread in every thread; a client that goes away is no signal at all.
private func blockedSignals() -> sigset_t {
    signal(SIGPIPE, SIG_IGN)
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    return signals
}

private func stopAtEndOfInput() {
    Thread.start {
        var byte: UInt8 = 0
        while true {
            let count = read(STDIN_FILENO, &byte, 1)
            if count == 0 || count < 0 && errno != EINTR { break }
        }
        kill(getpid(), SIGTERM)
    }
}
