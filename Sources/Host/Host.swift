public func hostMain() {}
