// Reads past its memory: the address sanitizer must end it.
let room = UnsafeMutablePointer<Int>.allocate(capacity: 1)
room.initialize(to: 1)
print(room[CommandLine.arguments.count])
