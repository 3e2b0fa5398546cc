import NIOCore
import NIOHTTP1
import NIOPosix

/// One connection: collects requests, hands them to the desk one at a time and writes the answers byte by byte.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private static let largestBody = 64 << 20

    private let desk: Desk
    private var number = 0
    private var count = 0
    private var current: Request?
    private var closesAfter = false
    /// Requests that came while an earlier one was being answered, and whether the client wants the connection closed after each.
    private var waiting: [(request: Request, closes: Bool)] = []
    private var isBusy = false
    private var isDeaf = false
    private var clientIsDone = false
    private var stream: EventStream?

    init(desk: Desk) {
        self.desk = desk
    }

    func channelActive(context: ChannelHandlerContext) {
        let (number, fault) = desk.accept()
        self.number = number
        switch fault {
        case .acceptReset: reset(context)
        case .acceptClose: context.close(promise: nil)
        case .acceptStall:
            isDeaf = true
            context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
        default: context.fireChannelActive()
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDeaf else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(var buffer):
            guard let bytes = buffer.readBytes(length: buffer.readableBytes), current != nil else { return }
            current?.body += bytes
            if current?.body.count ?? 0 > Self.largestBody { context.close(promise: nil) }
        case .end:
            guard var request = current else { return }
            current = nil
            request.arrival = desk.hub.clock.monotonicMicros()
            waiting.append((request, closesAfter))
            answerNext(context)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if let stream { desk.watch.advance(stream) }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let stream { desk.watch.remove(stream) }
        stream = nil
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            clientIsDone = true
            if stream != nil { context.close(promise: nil) } else if !isBusy, waiting.isEmpty { closeOnceWritten(context) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError {
            let answer = AnswerDraft(
                status: 400, statusLine: "HTTP/1.1 400 Bad Request", headers: AnswerHeaders.date(desk.hub), body: [],
                keepsOpen: false
            ).answer
            return play(answer.steps[...], context, nil)
        }
        context.close(promise: nil)
    }

    // MARK: requests

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        count += 1
        let headers = head.headers.map { Header($0.name, $0.value) }
        let request = Request(
            method: head.method.rawValue, target: head.uri, headers: headers, connection: number, numberOnConnection: count,
            arrival: desk.hub.clock.monotonicMicros())
        closesAfter = !head.isKeepAlive
        if !isBusy, waiting.isEmpty, let answer = desk.takeEarly(request) {
            isDeaf = !answer.keepsOpen
            return play(answer.steps[...], context, nil)
        }
        current = request
        if (request.header("Expect")?.lowercased()).spells("100-continue") {
            write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), context)
        }
    }

    private func answerNext(_ context: ChannelHandlerContext) {
        guard !isBusy, !waiting.isEmpty, !isDeaf else { return }
        isBusy = true
        let (request, closes) = waiting.removeFirst()
        let loop = context.eventLoop, bound = NIOLoopBound((self, context), eventLoop: loop)
        desk.take(
            request,
            later: { millis, action in
                let action = NIOLoopBound(action, eventLoop: loop)
                loop.scheduleTask(in: .milliseconds(Int64(millis))) { action.value() }
            },
            respond: { answer in
                let (handler, context) = bound.value
                handler.play(answer.steps[...], context) {
                    handler.isBusy = false
                    if !answer.keepsOpen || closes || (handler.clientIsDone && handler.waiting.isEmpty) {
                        handler.isDeaf = true
                        if answer.keepsOpen { handler.closeOnceWritten(context) }
                    } else {
                        handler.answerNext(context)
                    }
                }
            })
    }

    // MARK: bytes

    /// Does the steps in order; after the last one comes `done`.
    private func play(_ steps: ArraySlice<WireStep>, _ context: ChannelHandlerContext, _ done: (() -> Void)?) {
        guard let step = steps.first else {
            done?()
            return
        }
        let rest = steps.dropFirst()
        switch step {
        case .bytes(let bytes):
            write(bytes, context)
            play(rest, context, done)
        case .repeated(let block, let count):
            writeRepeatedly(block, count, context) { self.play(rest, context, done) }
        case .drip(let bytes, let size, let millis):
            drip(bytes[...], size, millis, context) { self.play(rest, context, done) }
        case .pause(let millis): after(millis, context) { self.play(rest, context, done) }
        case .hang: isDeaf = true
        case .close:
            isDeaf = true
            closeOnceWritten(context)
        case .reset: reset(context)
        case .halfClose:
            isDeaf = true
            context.channel.close(mode: .output, promise: nil)
        case .events:
            isDeaf = true
            stream = desk.watch.add(EventSocket(context))
        }
    }

    private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        guard !bytes.isEmpty, context.channel.isActive else { return }
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
    }

    /// A close drops what is not with the kernel yet, as the end of a large answer is.
    private func closeOnceWritten(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(capacity: 0)), promise: written)
        written.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
    }

    /// Writes the next block when the one before is with the kernel, so that memory stays flat.
    private func writeRepeatedly(_ block: [UInt8], _ count: Int, _ context: ChannelHandlerContext, _ done: @escaping () -> Void) {
        guard count > 0, context.channel.isActive else { return done() }
        let bound = NIOLoopBound((self, context, done), eventLoop: context.eventLoop)
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: block)), promise: written)
        written.futureResult.whenSuccess {
            let (handler, context, done) = bound.value
            handler.writeRepeatedly(block, count - 1, context, done)
        }
    }

    private func drip(
        _ bytes: ArraySlice<UInt8>, _ size: Int, _ millis: Int, _ context: ChannelHandlerContext, _ done: @escaping () -> Void
    ) {
        guard !bytes.isEmpty, context.channel.isActive else { return done() }
        write(Array(bytes.prefix(size)), context)
        after(millis, context) { self.drip(bytes.dropFirst(size), size, millis, context, done) }
    }

    private func after(_ millis: Int, _ context: ChannelHandlerContext, _ action: @escaping () -> Void) {
        let bound = NIOLoopBound(action, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(Int64(millis))) { bound.value() }
    }

    /// Closes so that the client sees a reset: with a linger time of zero the kernel sends no orderly end.
    private func reset(_ context: ChannelHandlerContext) {
        isDeaf = true
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        guard let options = context.channel as? any SocketOptionProvider else { return context.close(promise: nil) }
        options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in bound.value.close(promise: nil) }
    }
}
