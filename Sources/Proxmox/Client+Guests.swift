// Finds the node of a guest.
// SPDX-License-Identifier: MIT

import JSON

/// Who waits for the list of guests.
struct GuestWaiter {
    let vmid: Int64
    let completion: (Result<GuestLocation, Failure>) -> Void
}

extension Client {
    /// Finds out where a guest is, from a list of the cluster that is at most five seconds old
    /// (GET /cluster/resources?type=vm). Fails with the nearest ids when there is no such guest.
    public func node(ofGuest vmid: Int64, completion: @escaping (Result<GuestLocation, Failure>) -> Void) {
        if case .found(let guest) = guests.lookup(vmid, now: loop.now()) {
            loop.after(milliseconds: 0) { completion(.success(guest)) }
            return
        }
        guestWaiters.append(GuestWaiter(vmid: vmid, completion: completion))
        guard guestWaiters.count == 1 else { return }
        send(Request(.get, "/cluster/resources", [.init("type", .string("vm"))])) { [unowned self] in guestsListed($0) }
    }

    /// Drops what is known of a guest, so that it is looked up anew.
    public func forgetGuest(_ vmid: Int64) {
        guests.forget(vmid)
    }

    private func guestsListed(_ result: Result<Answer, Failure>) {
        let waiters = guestWaiters
        guestWaiters = []
        switch result {
        case .failure(let failure): for waiter in waiters { waiter.completion(.failure(failure)) }
        case .success(let answer):
            guests.store(answer.data, now: answer.receivedAt)
            let found = waiters.map { waiter -> Result<GuestLocation, Failure> in
                if let guest = guests.location(waiter.vmid) { return .success(guest) }
                return .failure(.unknownGuest(vmid: waiter.vmid, near: guests.near(waiter.vmid)))
            }
            for (waiter, result) in zip(waiters, found) { waiter.completion(result) }
        }
    }
}
