// The API tokens of users.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    func write(_ token: Token, to row: inout JSONWriter) {
        row.member("privsep", token.isSeparated ? 1 : 0)
        row.member("expire", token.expire)
        if let comment = token.comment { row.member("comment", comment) }
    }

    func writeList(of tokens: [String: Token], to writer: inout JSONWriter) {
        writer.array { array in
            for (name, token) in tokens.sorted(by: { $0.key < $1.key }) {
                array.object {
                    $0.member("tokenid", name)
                    write(token, to: &$0)
                }
            }
        }
    }

    /// GET /access/users/{userid}/token
    func tokenList(_ call: APICall) throws -> APIAnswer {
        var writer = JSONWriter()
        writeList(of: try access.user(call.required("userid")).tokens, to: &writer)
        return .data(json: writer.bytes)
    }

    /// GET /access/users/{userid}/token/{tokenid}
    func tokenDetails(_ call: APICall) throws -> APIAnswer {
        let token = try access.token(call.required("tokenid"), of: call.required("userid"))
        return .object { write(token, to: &$0) }
    }

    /// POST /access/users/{userid}/token/{tokenid}: the only time its secret is told.
    mutating func createToken(_ call: APICall) throws -> APIAnswer {
        let (id, name) = (call.required("userid"), call.required("tokenid"))
        if try access.user(id).tokens[name] != nil { throw Refusal(parameter: "tokenid", "Token already exists.") }
        let token = Token(
            expire: call.number("expire") ?? 0, isSeparated: call.values["privsep"] != "0",
            comment: call.values["comment"].flatMap { $0.isEmpty ? nil : $0 })
        access.users[id]?.tokens[name] = token
        return .object { answer in
            answer.member("full-tokenid", "\(id)!\(name)")
            answer.member("value", Credentials.newSecret())
            answer.member("info") { info in
                info.object {
                    // A flag that was sent comes back as the text it was sent as.
                    if let sent = call.values["privsep"] { $0.member("privsep", sent) } else { $0.member("privsep", 1) }
                    if let expire = call.number("expire") { $0.member("expire", expire) }
                    if let comment = token.comment { $0.member("comment", comment) }
                }
            }
        }
    }

    /// PUT /access/users/{userid}/token/{tokenid}; with `regenerate` the secret changes and is told.
    mutating func updateToken(_ call: APICall) throws -> APIAnswer {
        let (id, name) = (call.required("userid"), call.required("tokenid"))
        var token = try access.token(name, of: id)
        for option in call.names("delete") {
            switch option {
            case "comment": token.comment = nil
            case "expire": token.expire = 0
            case "privsep": token.isSeparated = true
            default: throw Refusal(parameter: "delete", "unknown option '\(option)'")
            }
        }
        if let privsep = call.values["privsep"] { token.isSeparated = privsep == "1" }
        if let expire = call.number("expire") { token.expire = expire }
        if let comment = call.values["comment"], !comment.isEmpty { token.comment = comment }
        access.users[id]?.tokens[name] = token
        return .object { answer in
            write(token, to: &answer)
            guard call.flag("regenerate") else { return }
            answer.member("full-tokenid", "\(id)!\(name)")
            answer.member("value", Credentials.newSecret())
        }
    }

    /// DELETE /access/users/{userid}/token/{tokenid}
    mutating func deleteToken(_ call: APICall) throws -> APIAnswer {
        let (id, name) = (call.required("userid"), call.required("tokenid"))
        _ = try access.token(name, of: id)
        access.users[id]?.tokens[name] = nil
        access.removeEntries(of: "\(id)!\(name)", .token)
        return .null
    }
}
