import NIOCore
import NIOHTTP1
import NIOPosix

/// The listening socket on loopback and the one event loop everything runs on.
final class SandboxServer {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: any Channel
    private let desk: Desk

    /// Binds 127.0.0.1; port 0 takes a free one.
    init(desk: Desk, port: Int) throws {
        self.desk = desk
        let loop = group.next()
        desk.watch.later = { millis, action in
            let action = NIOLoopBound(action, eventLoop: loop)
            loop.scheduleTask(in: .milliseconds(Int64(millis))) { action.value() }
        }
        channel = try ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)),
                        ConnectionHandler(desk: desk))
                }
            }
            .bind(to: SocketAddress(ipAddress: "127.0.0.1", port: port)).wait()
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    func stop() {
        let desk = desk
        try? group.next().submit { desk.watch.end() }.wait()
        try? channel.close().wait()
        try? group.syncShutdownGracefully()
    }
}
