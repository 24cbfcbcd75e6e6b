// A server's words: looking for a phrase in them, and passing them on.
// SPDX-License-Identifier: MIT

extension String {
    /// Whether the bytes of `phrase` stand in the text.
    func mentions(_ phrase: String) -> Bool {
        let text = Array(utf8)
        let phrase = Array(phrase.utf8)
        guard text.count >= phrase.count else { return false }
        return (0...(text.count - phrase.count)).contains { text[$0..<($0 + phrase.count)] == phrase[...] }
    }

    /// Without spaces and full stops at the end, to go on after it.
    package var withoutStop: Substring {
        var text = self[...]
        while let last = text.last, last.isWhitespace || last == "." { text.removeLast() }
        return text
    }

    /// With exactly one mark at the end, so that another sentence can follow.
    package var asSentence: String {
        let text = withoutStop
        guard let last = text.last else { return "" }
        return ["?", "!", "…"].contains(last) ? String(text) : text + "."
    }

    /// A name that came from outside, as long as a message can bear: at most 80 characters.
    var shortened: String {
        let scalars = unicodeScalars
        return scalars.count > 80 ? String(String.UnicodeScalarView(scalars.prefix(79))) + "…" : self
    }
}
