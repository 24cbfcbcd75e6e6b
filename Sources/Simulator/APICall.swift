// A request that has passed authentication and the API's schema, and what is answered to it.
// SPDX-License-Identifier: MIT

/// A request as the simulated cluster sees it: its endpoint, and its values by their API names.
struct APICall {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    var method: String
    /// The endpoint's path in the API facts, such as `/nodes/{node}/qemu/{vmid}/status/start`.
    var template: String
    /// Path, query and body values together, decoded, each the last one sent. Booleans are "0" or "1".
    var values: [String: String]
    /// Values of parameters whose API type is an array.
    var lists: [String: [String]]
    /// Who asks: `root@pam`, or `root@pam!demo` for a token.
    var caller: String
    /// Whether the caller is the user root@pam itself, not one of its tokens.
    var isRoot: Bool { caller == "root@pam" }
}

/// What is answered.
enum APIAnswer {
    /// 200 with `{"data": json}`, and `total` beside it for lists that are paged.
    case data(json: [UInt8], total: Int? = nil)
    /// 200 with `{"data": json}`, and the text of changes that wait beside it.
    case changed(json: [UInt8], changes: String)
    /// An error as Proxmox words it; `errors` is per parameter (400 only).
    case failure(status: Int, message: String, errors: [(parameter: String, text: String)] = [])

    /// `{"data":null}`.
    static let null = APIAnswer.data(json: Array("null".utf8))
}
