import CLibc
import Foundation
import Testing

@testable import FlxChannel

/// K-14: a host without its first three descriptors. Each runs in a child, whose descriptors nobody else uses.
struct DescriptorTests {
    @Test func nothingIsOpenedAsOneOfTheFirstThree() {
        let scratch = Scratch()
        let lowest = inChild {
            for fd in Int32(0)...2 { close(fd) }
            let opened = [
                Descriptor.open(scratch.at("a"), O_RDWR | O_CREAT, mode: 0o600), ForkGuard.open(scratch.at("a"), O_RDWR),
                Descriptor.raised(eventfd(0, 0)),
            ]
            let isFree = (Int32(0)...2).allSatisfy { dup($0) == -1 }
            return isFree && opened.allSatisfy { $0 > 2 } ? 7 : 0
        }

        #expect(lowest == 7)
    }

    @Test func openedDescriptorsCloseOnExec() {
        let scratch = Scratch()
        let flags = inChild {
            close(1)
            let fd = Descriptor.open(scratch.at("a"), O_RDWR | O_CREAT, mode: 0o600)
            let info = (try? String(contentsOfFile: "/proc/self/fdinfo/\(fd)", encoding: .utf8)) ?? ""
            let octal = info.split(separator: "\n").first { $0.hasPrefix("flags:") }?.dropFirst(6) ?? ""
            return (Int(octal.trimmingCharacters(in: .whitespaces), radix: 8) ?? 0) & Int(O_CLOEXEC) != 0 ? 7 : 0
        }

        #expect(flags == 7)
    }

    @Test func theThreeAreFilledAndWhatStandsThereIsLeft() {
        let scratch = Scratch()
        scratch.write("mine", "")
        let answer = inChild {
            for fd in [Int32(0), 2] { close(fd) }
            dup3(flxc_open(scratch.at("mine"), O_RDWR, 0), 1, 0)
            for fd in [Int32(0), 2] { close(fd) }

            Descriptor.fillTheThree()

            let kinds = (Int32(0)...2).map { fd in
                var status = stat()
                return fstat(fd, &status) == 0 ? flxc_is_character_device(status.st_mode) != 0 : nil
            }
            return kinds == [true, false, true] ? 7 : 0
        }

        #expect(answer == 7)
    }

    @Test func storeOpensNothingThere() {
        let scratch = Scratch()
        let answer = inChildWithState { () throws(StateError) in
            for fd in Int32(0)...2 { close(fd) }
            try scratch.store().accept("A-1")
            for fd in Int32(0)...2 {
                var status = stat()
                if fstat(fd, &status) == 0, flxc_is_regular(status.st_mode) != 0 { return 2 }
            }
            return 7
        }

        #expect(answer == 7)
    }
}
