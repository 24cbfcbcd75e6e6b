// Answers have the shape of those a real server gave.
// SPDX-License-Identifier: MIT

import Foundation
import JSON
import Testing

@testable import Simulator

/// Answers to GET requests, recorded from the real server's code.
enum ObservedGets {
    static let all: [(path: String, status: Int, data: JSONValue)] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        guard let bytes = try? Data(contentsOf: folder.appendingPathComponent("Data/observed-gets.json")),
            let document = try? JSONDocument(Array(bytes))
        else { return [] }
        return document.root.elements.compactMap { entry in
            guard let path = entry["path"]?.string, let status = entry["status"]?.int, let data = entry["body"]?["data"]
            else {
                return nil
            }
            return (path, Int(status), data)
        }
    }()

    /// The paths the simulated cluster answers and for which there is a recorded answer with data.
    static var shared: [String] {
        let world = World(options: WorldOptions())
        return all.filter { $0.status == 200 && world.knows(method: "GET", template: $0.path) }.map(\.path)
    }
}

@Suite("Shapes of simulated answers")
struct WorldShapeTests {
    let lab = WorldLab.furnished()

    /// Members the recorded answers had because of what that machine was part of (a pool, high availability), and
    /// because the caller had a token.
    private let circumstantial: Set<String> = ["pool", "hastate", "tokenid"]

    /// Values for a call whose answer can be compared: a running guest with snapshots and an agent.
    private func values(_ path: String) -> [[String: String]] {
        let isContainer = path.contains("/lxc/")
        var values = ["storage": "local", "service": "pveproxy", "snapname": "after-upgrade", "file": "/etc/hostname"]
        values["node"] = isContainer ? "pve3" : "pve1"
        values["vmid"] = isContainer ? "110" : "101"
        values.merge([
            "userid": "alice@pve", "tokenid": "full", "groupid": "ops", "roleid": "PVEAdmin", "realm": "pam",
            "poolid": "dev", "group": "web", "pos": "0", "name": "x1", "cidr": "10.0.0.0", "sid": "vm:101",
            "rule": "r1", "iface": "vmbr0",
        ]) { $1 }
        values = values.filter { path.contains("{\($0.key)}") || $0.key == "file" && path.hasSuffix("file-read") }
        if path.hasSuffix("/feature") { values["feature"] = "snapshot" }
        if path.hasSuffix("/rrddata") { values["timeframe"] = "hour" }
        guard path.hasSuffix("/content") else { return [values] }
        return ["local", "shared"].map { values.merging(["storage": $0]) { $1 } }
    }

    @Test func thereIsMuchToCompareWith() {
        #expect(ObservedGets.shared.count >= 110)
    }

    @Test(arguments: ObservedGets.shared)
    func matchesTheRecordedAnswer(_ path: String) throws {
        let observed = try #require(ObservedGets.all.first { $0.path == path }?.data)
        var answers: [JSONValue] = []
        for values in values(path) {
            let answer = lab.call("GET", path, values)
            #expect(answer.status == 200, "\(answer.message)")
            answers.append(try #require(answer.json))
        }
        if observed.isArray, observed.count > 0, Array(observed.elements)[0].isObject {
            compareRows(Array(observed.elements), answers.flatMap { Array($0.elements) }, path)
        } else {
            compare(observed, answers[0], path)
        }
    }

    /// What rows are alike by: rows of different types have different members.
    private func kind(_ row: JSONValue, _ path: String) -> String {
        if path == "/nodes/{node}/qemu" { return row["status"]?.string ?? "" }
        if path.hasSuffix("/content") { return row["content"]?.string ?? "" }
        if path.hasSuffix("/snapshot") { return row["name"]?.string == "current" ? "current" : "" }
        if path.hasSuffix("tasks") { return "" }
        return row["type"]?.string ?? ""
    }

    private func compareRows(_ observed: [JSONValue], _ own: [JSONValue], _ path: String) {
        let groups = Dictionary(grouping: observed) { kind($0, path) }
        for (kind, rows) in groups where kind != "pool" {
            let ownRows = own.filter { self.kind($0, path) == kind }
            #expect(!ownRows.isEmpty, "\(path): no row of kind '\(kind)'")
            let always =
                rows.map { Set($0.members.map(\.name)) }.reduce(nil as Set<String>?) { $0?.intersection($1) ?? $1 }
                ?? []
            for row in ownRows {
                let missing = always.subtracting(row.members.map(\.name)).subtracting(circumstantial)
                #expect(missing.isEmpty, "\(path): \(row.rawText) lacks \(missing)")
            }
            guard !path.hasSuffix("/pending") else { continue }
            for example in rows {
                for row in ownRows { compareShared(example, row, path) }
            }
        }
    }

    /// Same kind; for objects every recorded member is there, with the same kind in turn.
    private func compare(_ observed: JSONValue, _ own: JSONValue, _ path: String) {
        guard sameKind(observed, own, path) else { return }
        if observed.isObject {
            let isFree =
                path.hasSuffix("/config") || path.hasSuffix("not_allowed_nodes") || path.hasSuffix("in_snapshot")
            let missing = Set(observed.members.map(\.name)).subtracting(own.members.map(\.name)).subtracting(
                circumstantial)
            #expect(isFree || missing.isEmpty, "\(path) lacks \(missing)")
            compareShared(observed, own, path)
        } else if observed.isArray, let first = Array(observed.elements).first, first.isObject {
            compareRows(Array(observed.elements), Array(own.elements), path)
        }
    }

    private func compareShared(_ observed: JSONValue, _ own: JSONValue, _ path: String) {
        for member in observed.members {
            if let value = own[member.name] { compare(member.value, value, "\(path) \(member.name)") }
        }
    }

    private func sameKind(_ observed: JSONValue, _ own: JSONValue, _ path: String) -> Bool {
        // A null was recorded where nothing was known; booleans are one kind.
        if observed.isNull || own.isNull { return false }
        let same = observed.kind == own.kind || (observed.bool != nil && own.bool != nil)
        #expect(
            same,
            "\(path): recorded \(observed.kind) \(observed.rawText.prefix(60)), answered \(own.rawText.prefix(60))")
        return same
    }
}
