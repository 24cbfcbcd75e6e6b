// What to do about the refusals that people meet most.
// SPDX-License-Identifier: MIT

extension Failure {
    /// What is said when a server says nothing.
    static let noReason = "no reason given"

    /// The way out of a refusal or of a failed task, by its words; nil when they are not known. One sentence.
    public static func hint(for text: String) -> String? {
        hints.first { words, _ in words.allSatisfy(text.mentions) }?.1
    }

    /// All of the words have to be there; the first row that fits counts.
    private static let hints: [([String], String)] = [
        ([noReason], "Proxmox VE did not say why: the node's system log and its task list may."),
        (["hostname lookup"], "No node has this name; list the nodes."),
        (["VM is locked"], locked), (["CT is locked"], locked),
        (["can't lock file"], "Another task works on it; wait for that task to end and try again."),
        (["file change by other user"], stale), (["changed by other user"], stale),
        (["detected modified configuration"], stale),
        (["no quorum"], "Too few nodes of the cluster are online, so it is read-only."),
        (["No QEMU guest agent configured"], "Enable the agent in the VM's options and install it in the guest."),
        (["guest agent is not running"], "Start or install qemu-guest-agent in the guest."),
        ([".conf' does not exist"], "It may be on another node or removed; look it up in the cluster's resources."),
        (
            ["unable to find configuration file"],
            "It may be on another node or removed; look it up in the cluster's resources."
        ),
        (["group", "rule", "HA"], groups), (["group", "rule", "ha "], groups),
        (["No space left on device"], full), (["free space"], full), (["not enough space"], full),
        (["out of space"], full),
        (["Disk quota exceeded"], full), (["already exists"], taken), (["already used"], taken),
        (["already in use"], taken),
        (["already defined"], taken), (["already running"], "It runs already; there is nothing to start."),
        (["is not running"], "Start it first."), (["is running - destroy failed"], "Stop it first."),
        (["container is running"], "Stop it first, or give `force` true."),
        (
            ["Linked clone feature"],
            "Copy it in full (`full` true): linked clones need a template on a storage that has them."
        ),
        (["running container without snapshots"], "Copy one of its snapshots (`snapname`), or stop it first."),
        (["without --online"], "Give `online` true, or stop it first."),
        (["is not empty (contains"], "Take out what it holds first."),
        (["no rule at position"], "List the rules: others may have been added or deleted meanwhile."),
        (["wrong content type"], "List the storages of the node that have this content."),
        (["protection mode"], protected), (["protection flag"], protected),
        (["storage '", "does not exist"], "List the storages; its name may be misspelt."),
        (["does not exist"], missing), (["no such "], missing),
    ]

    private static let locked =
        "Another task works on it: wait for that task to end (the node's task list has it), then try again."
    private static let stale = "The configuration was changed meanwhile; read it again and use its digest."
    private static let full = "The storage is full: free some of it, or choose another."
    private static let taken = "Choose another id or name, or change the one there is."
    private static let missing = "List what there is of its kind; the id may be misspelt, or the object gone."
    private static let protected = "Its protection is on: set `protection` to false first, if that is meant."
    private static let groups = "Since Proxmox VE 9, rules (/cluster/ha/rules) do what HA groups did."
}
