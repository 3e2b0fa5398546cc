import Testing
@testable import flx_sandbox
@Test func x() { }
