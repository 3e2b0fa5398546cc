import NIOCore

/// A connection as the sink of a stream of events.
///
/// Used on the event loop of its connection only.
final class EventSocket: EventSink {
    /// What the kernel may hold for a reader that does not read; beyond it `takesMore` is false after little more.
    private static let kernelBytes = 65_536

    private let context: ChannelHandlerContext

    init(_ context: ChannelHandlerContext) {
        self.context = context
        context.channel.setOption(.socketOption(.so_sndbuf), value: .init(Self.kernelBytes)).whenFailure { _ in }
    }

    var takesMore: Bool { context.channel.isActive && context.channel.isWritable }

    func send(_ bytes: [UInt8]) {
        context.writeAndFlush(NIOAny(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
    }

    func end() {
        context.close(promise: nil)
    }
}
