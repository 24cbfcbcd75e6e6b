// SPDX-License-Identifier: MIT

import Testing

@testable import Simulator

@Suite struct SimulatorOptionsTests {
    @Test func `Options are read, with a blank or an equals sign`() throws {
        let options = try SimulatorOptions([
            "--port=8006", "--nodes", "5", "--guests", "40", "--offline", "pve2", "--http", "--release=8.4",
            "--token", "jo@pve!ci=a=b", "--auth-delay", "0.5", "--latency", "20", "--drop", "POST /x#1",
        ])
        #expect(options.port == 8006)
        #expect(options.world.nodes == 5)
        #expect(options.world.offlineNodes == ["pve2"])
        #expect(options.world.release == "8.4")
        #expect(!options.usesTLS)
        #expect(options.tokens.map { $0.id } == ["jo@pve!ci"])
        #expect(options.tokens.map { $0.secret } == ["a=b"])
        #expect(options.loginDelay == 500)
        #expect(options.faults.map { $0.effect } == [.latency(20), .drop])
    }

    @Test(arguments: [
        (["--prot", "1"], "unknown option '--prot'; see pve-sim --help"),
        (["--port"], "--port needs a value; see pve-sim --help"),
        (["--port", "x"], "--port: 'x' is not a number from 0 to 65535"),
        (["--http=1"], "--http takes no value"),
        (["--release", "7"], "--release: '7' is not known; there are 9.2 and 8.4"),
        (["--task-seconds", "-1"], "--task-seconds: '-1' is not a number of seconds from 0 to 86400"),
        (["--token", "root@pam=secret"], "--token: the value must look like USER@REALM!NAME=SECRET"),
    ])
    func `Wrong options are named`(_ arguments: [String], _ text: String) {
        let error = #expect(throws: SimulatorOptions.UsageError.self) { try SimulatorOptions(arguments) }
        #expect(error?.description == text)
    }
}
