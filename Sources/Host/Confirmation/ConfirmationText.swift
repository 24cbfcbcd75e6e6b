// What is said around a question: how to answer it, and why there was no yes.
// SPDX-License-Identifier: MIT

import MCP
import Proxmox

enum ConfirmationText {
    /// The form a client shows.
    static func question(_ text: String) -> Question {
        Question(
            message: "\(text) Go on?", field: "confirm", fieldTitle: "Yes, go on",
            fieldText: "What is described above is lost. Leave this unticked to keep it.")
    }

    static func needsToken(
        _ question: String, _ asked: AskedRequest, token: String, _ settings: ConfirmationSettings
    ) -> String {
        """
        \(asked.nothing) yet, because something would be lost. \(question)
        If that is what the person you work for wants, repeat this call with the same arguments and "confirm": \
        "\(token)". The token counts once, for this call as it is, for \(settings.lifetime).
        """
    }

    static func needsPerson(
        _ question: String, _ asked: AskedRequest, id: String, _ settings: ConfirmationSettings
    ) -> String {
        """
        \(asked.nothing) yet, because something would be lost. \(question)
        A person has to approve it: on the machine where this server runs, `pve-mcp approve \(id)` shows it and asks. \
        Then repeat this call with the same arguments. The approval counts once, for this call as it is; the question \
        stands for \(settings.lifetime).
        """
    }

    static func takesNoToken(_ question: String, _ asked: AskedRequest, _ tool: String) -> String {
        """
        \(asked.nothing), because something would be lost. \(question)
        \(tool) has no argument for a token, so this call cannot be confirmed here: use a client that can ask its \
        person (elicitation), or PVE_CONFIRM=person.
        """
    }

    /// In front of a question that the client was to put to its person.
    static let unsupported = "The client says it can ask its person, but does not know how. "

    /// In front of a question that is asked again.
    static func changed(_ changes: String, _ question: String) -> String {
        // Of very many guests it is not remembered how they were.
        let changes = changes.isEmpty ? "what it is about is not as it was" : changes
        return "Something changed since this was asked: \(changes). \(question)"
    }

    /// In front of a question whose token, or whose person's answer, did not count.
    static func instead(
        of verdict: ConfirmationLedger.Verdict, _ kind: ConfirmationLedger.Kind, _ question: String,
        _ settings: ConfirmationSettings
    ) -> String {
        let it = kind == .argument ? "The token" : "The answer"
        return switch verdict {
        case .valid: question
        case .notOurs:
            "\(it) is not one that this server gave a question for; a restarted server forgets them. \(question)"
        case .altered: "\(it) is not as it was given out: somebody altered it. \(question)"
        case .used: "\(it) has been used and counted already; each one counts once. \(question)"
        case .expired: "\(it) has expired; it counted for \(settings.lifetime). \(question)"
        case .otherTool(let tool): "\(it) was given for the tool \(tool), not for this one. \(question)"
        case .otherArguments(let subject), .otherRequest(let subject):
            "\(it) was given for another call (\(subject)), with other arguments. \(question)"
        case .changed(let changes): changed(changes, question)
        }
    }

    static func noYes(_ answer: QuestionAnswer, _ asked: AskedRequest) -> String {
        let what = "\(asked.name) \(asked.undone): "
        switch answer {
        case .yes: return what + "the yes came for nothing that is open."
        case .no: return what + "the person was asked and did not tick yes. Do not repeat the call unless they want it."
        case .declined: return what + "the person was asked and said no. Do not repeat the call unless they want it."
        case .cancelled:
            return what + "the person was asked and closed the question without an answer. Ask them what they want."
        case .nonsense(let why):
            return what + "the client's answer to the question cannot be understood (\(why)), so it is no yes."
        case .failed(let why):
            return what + "the client could not ask its person (\(why)), so there is no yes. A client that never can "
                + "should not declare elicitation; PVE_CONFIRM then says how to confirm."
        case .unsupported: return what + "the client does not know how to ask its person."
        }
    }

    static func noAnswer(_ asked: AskedRequest, _ settings: ConfirmationSettings) -> String {
        "\(asked.name) \(asked.undone): the person was asked and did not answer within \(settings.lifetime). "
            + "Repeat the call when somebody is there to answer."
    }

    static func restless(_ asked: AskedRequest) -> String {
        "\(asked.name) \(asked.undone): each time it was about to be, what it is about had changed since the "
            + "question. Wait until it is at rest, and repeat the call."
    }

    static func unread(_ asked: AskedRequest, _ failure: Failure) -> String {
        "\(asked.name) \(asked.undone), because what it is about could not be looked at first: \(failure.message)"
    }

    static func noSeal(_ asked: AskedRequest) -> String {
        "\(asked.name) \(asked.undone): its confirmation needs OpenSSL's libcrypto (libcrypto.so.3) and the "
            + "system's randomness, and one of them cannot be used. Install it (Debian, Ubuntu: apt install libssl3)."
    }

    static func noApprovals(_ asked: AskedRequest, _ fault: ApprovalFault) -> String {
        "\(asked.name) \(asked.undone): a person has to approve it, but the question cannot be put down for them: "
            + "\(fault.message)."
    }
}
