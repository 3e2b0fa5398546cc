import CFlxChannel

/// The status of one order of the outbox, asked of the hub now (decision 18).
extension Client {
    func orderStatus(_ number: String, by deadline: Deadline) throws(ChannelError) -> Page {
        let known = try state { () throws(StateError) in
            try store.read { () throws(StateError) in try store.outbox.row(numberHash: hash(of: number)) }
        }
        guard let known else { throw ChannelError(FLX_E_NOT_FOUND, "no order of this number is in the outbox") }
        guard let id = known.hubId else {
            throw ChannelError(FLX_E_NOT_FOUND, "this order has no id at the hub yet; it is \(known.state.name), flush first")
        }
        return try drive(by: deadline) { () throws(ChannelError) in
            let response = try ask(try request(OperationTable.getOrderById, path: [("id", id)], priority: .probe), by: deadline)
            guard ReplyClass(status: response.status) == .success else {
                let error = refusal(response, operation: OperationTable.getOrderById.id)
                guard response.status == 404 || response.status == 410 else { throw error }
                throw ChannelError(FLX_E_NOT_FOUND, "the hub does not show this order, by its id \(id)", like: error)
            }
            let array = [UInt8(ascii: "[")] + response.body + [UInt8(ascii: "]")]
            guard let body = try? JSONDocument.parsePage(array), let record = body.records.first,
                let order = HubOrder(record), order.id == id,
                try !ChannelScope(self, isDocumented: false).isForeign(order.channelId)
            else {
                let error = ChannelError(FLX_E_CONTRACT, "the hub answered with something that is not this order")
                error.operation = "getOrderById"
                throw error
            }
            try state { () throws(StateError) in
                try store.write { () throws(StateError) in
                    try store.outbox.noteStatus(hubId: order.id, order.orderStatus, isFinal: order.isFinal)
                }
            }
            let receipt = Receipt(
                feed: .orders, fetchInstant: nil,
                rows: [Receipt.Row(id: id, isHeld: false, pending: nil, contentAt: order.updatedAt, variants: [])])
            return Page(
                feed: .orders, records: [record], quarantined: [], receipt: receipt, key: store.key, pullNumber: 0,
                position: 1, orderNumbers: [ByteText(id): number])
        }
    }
}
