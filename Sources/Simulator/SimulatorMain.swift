public func simulatorMain() {}
