// Why a call was not answered with 200.
// SPDX-License-Identifier: MIT

/// An error on its way to becoming an answer: thrown by an endpoint, or by a task, whose exit status it then is.
struct Refusal: Error {
    var status: Int
    var message: String
    var errors: [(parameter: String, text: String)] = []

    /// What Proxmox answers to nearly everything that goes wrong: 500 with a text.
    init(_ message: String) {
        status = 500
        self.message = message
    }

    /// A parameter that is well-formed but wrong: 400, with the text beside the parameter's name.
    init(parameter: String, _ text: String) {
        status = 400
        message = "Parameter verification failed."
        errors = [(parameter, text)]
    }

    init(status: Int, _ message: String) {
        self.status = status
        self.message = message
    }

    var answer: APIAnswer { .failure(status: status, message: message, errors: errors) }
}

extension Refusal {
    /// The text that says most: of the wrong parameter if there is one.
    var reason: String { errors.first?.text ?? message }
}
