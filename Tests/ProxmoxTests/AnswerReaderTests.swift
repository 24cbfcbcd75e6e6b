// What status, reason phrase and body together mean.
// SPDX-License-Identifier: MIT

import Testing

@testable import Proxmox

@Suite("Answers and refusals")
struct AnswerReaderTests {
    let token = Credentials.token(id: "root@pam!mcp", secret: "geheim")

    func read(
        _ status: Int, _ reason: String, _ body: String, _ method: Method = .get, credentials: Credentials? = nil
    ) -> Result<Answer, Failure> {
        let request = Request(method, "/nodes/{node}/qemu/{vmid}/config", path: ["node": "pve2", "vmid": "100"])
        return AnswerReader(request: request, credentials: credentials ?? token)
            .read(status: status, reason: reason, body: ResponseBody(body))
    }

    func message(_ status: Int, _ reason: String, _ body: String, _ method: Method = .get) -> String {
        switch read(status, reason, body, method) {
        case .success: return "answered"
        case .failure(let failure):
            #expect(!failure.message.contains("geheim"))
            return failure.message
        }
    }

    @Test("data and total are found in any order")
    func success() throws {
        let answer = try read(200, "OK", #"{"total":"7","data":[1,2]}"#).get()
        #expect(answer.data?.count == 2)
        #expect(answer.total == 7)
        #expect(answer.changes == nil)
        #expect(try read(200, "OK", #"{"data":[],"changes":"+auto vmbr1\n"}"#).get().changes == "+auto vmbr1\n")
        #expect(try read(200, "OK", #"{"data":[],"changes":""}"#).get().changes == nil)
        #expect(try read(200, "OK", #"{"data":null}"#).get().data?.isNull == true)
        #expect(try read(200, "OK", "").get().data == nil)
    }

    @Test("what is no JSON is no answer")
    func badAnswers() {
        #expect(message(200, "OK", "<html>Login</html>").contains("a web page"))
        #expect(message(200, "OK", "hello\nworld").contains("\"hello\""))
        #expect(message(200, "OK", #"{"data":[1,"#).contains("broken JSON"))
        #expect(message(301, "Moved", "").contains("redirect"))
    }

    @Test("parameter errors are listed by name")
    func parameterErrors() {
        let body =
            #"{"message":"Parameter verification failed.\n","errors":{"vmid":"bad","cores":"too many\n"},"data":null}"#
        guard case .failure(.parameters(_, let problems)) = read(400, "Parameter verification failed.", body) else {
            Issue.record("no parameter failure")
            return
        }
        #expect(problems == [.init(name: "cores", text: "too many"), .init(name: "vmid", text: "bad")])
        #expect(message(400, "x", body).contains("cores: too many; vmid: bad"))
        #expect(message(400, "no such task", #"{"data":null}"#).contains("status 400: no such task"))
    }

    @Test("a text is taken from the body, or from the reason phrase of older servers")
    func textOfErrors() {
        let body = #"{"data":null,"message":"first line\nsecond line\n"}"#
        #expect(message(500, "first line", body).contains("first line\nsecond line"))
        #expect(message(500, "VM is locked (backup)", #"{"data":null}"#).contains("VM is locked (backup)"))
        #expect(message(500, "VM is locked (backup)", "").contains("wait for that task"))
        #expect(message(501, "for data too large", "plain text").contains("plain text"))
        #expect(message(502, "Bad Gateway", "<html>").contains("web page"))
        #expect(message(500, "", "").contains("no reason given"))
    }

    @Test("401 has no body and says what a token looks like")
    func unauthorized() {
        let text = message(401, "No ticket", "")
        #expect(text.contains("root@pam!mcp") && text.contains("No ticket") && text.contains("user@realm!name"))
        let user = read(401, "authentication failure", "{}", credentials: .password(user: "a@pve", password: "geheim"))
        guard case .failure(let failure) = user else { return #expect(Bool(false)) }
        #expect(failure.message.contains("PVE_USERNAME") && !failure.message.contains("geheim"))
    }

    @Test("403 names the privilege and the path, and what is special about tokens")
    func forbidden() {
        let text = message(403, "Permission check failed (/vms/100, VM.Allocate|VM.Audit)", "")
        #expect(text.contains("VM.Allocate or VM.Audit on /vms/100"))
        #expect(text.contains("--tokens 'root@pam!mcp'") && text.contains("privilege separation"))
        #expect(message(403, "Permission check failed (user != root@pam)", "").contains("no API token can do it"))
        #expect(message(403, "Permission check failed", "").contains("Permission check failed"))
    }

    @Test("59x tell the nodes apart and warn about writes")
    func proxyErrors() {
        #expect(message(595, "No route to host", "").contains("node pve2 cannot be reached"))
        #expect(message(596, "Broken pipe", "").contains("Try again"))
        #expect(message(599, "x", "", .post).contains("before you repeat it"))
    }

    @Test("a missing guest is recognised")
    func missingGuest() {
        let text = "Configuration file 'nodes/pve2/qemu-server/100.conf' does not exist"
        guard case .failure(let failure) = read(500, text, "") else { return #expect(Bool(false)) }
        #expect(failure.isMissingGuest)
        guard case .failure(let other) = read(500, "storage 'x' does not exist", "") else {
            return #expect(Bool(false))
        }
        #expect(!other.isMissingGuest)
    }
}
