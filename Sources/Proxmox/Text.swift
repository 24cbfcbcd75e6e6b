// Looking for a phrase in a server's words.
// SPDX-License-Identifier: MIT

extension String {
    /// Whether the bytes of `phrase` stand in the text.
    func mentions(_ phrase: String) -> Bool {
        let text = Array(utf8)
        let phrase = Array(phrase.utf8)
        guard text.count >= phrase.count else { return false }
        return (0...(text.count - phrase.count)).contains { text[$0..<($0 + phrase.count)] == phrase[...] }
    }
}
