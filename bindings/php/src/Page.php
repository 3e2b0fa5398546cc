<?php

declare(strict_types=1);

namespace Flxchannel;

/**
 * One answer of the hub: records, each an array with the hub's own names and exact values (see Json).
 *
 * It outlives its pull, and does not keep it: a variable that still holds the last page locks no feed.
 *
 * @implements \IteratorAggregate<int, array>
 */
final class Page extends Handle implements \Countable, \IteratorAggregate
{
    protected const NOUN = 'page';
    protected const CLOSE = 'pageFree';

    /** @var ?\WeakReference<Pull> */
    private readonly ?\WeakReference $pull;
    private ?array $records = null;

    /** @internal */
    public function __construct(Backend $backend, object $handle, ?Pull $pull = null)
    {
        parent::__construct($backend, $handle);
        $this->pull = $pull === null ? null : \WeakReference::create($pull);
    }

    public function feed(): Feed
    {
        return Feed::from($this->ask('pageFeed'));
    }

    public function count(): int
    {
        return $this->ask('pageCount');
    }

    /** All records. */
    public function records(): array
    {
        return $this->records ??= Json::exact($this->json());
    }

    public function getIterator(): \ArrayIterator
    {
        return new \ArrayIterator($this->records());
    }

    /** The records as one JSON array, in the hub's own bytes. */
    public function json(): string
    {
        return $this->ask('pageJson');
    }

    /** One record in the hub's own bytes. */
    public function recordJson(int $index): string
    {
        return $this->ask('recordJson', Arguments::size($index, 'index'));
    }

    /** One value of a record by its JSON pointer, as text; NotFoundException if it is absent or null. */
    public function get(int $index, string $path): string
    {
        return $this->ask('recordGet', Arguments::size($index, 'index'), $path);
    }

    /**
     * What is known of each record beyond what it says by itself: `change_to`, a queued status change, of listings; `order_number`
     * of what is or is of an order; the `kind` of a parcel.
     */
    public function facts(): array
    {
        return Json::decode($this->ask('pageFacts'));
    }

    /** The records of a page of shipments, with the kind and the order number that the library found. */
    public function shipments(): array
    {
        if ($this->feed() !== Feed::Shipments) {
            throw UseException::because('this page is not of the feed of shipments');
        }
        return array_map(static fn (array $record, array $facts): array => [
            'kind' => ShipmentKind::named($facts['kind']), 'order_number' => $facts['order_number'], 'record' => $record,
        ], $this->records(), $this->facts());
    }

    /** Text to store and to hand to `Client::ack`, also later and from another process. */
    public function receipt(): string
    {
        return $this->ask('pageReceipt');
    }

    /** The records of the hub's page that could not be read, with their reasons. */
    public function quarantine(): array
    {
        return Json::decode($this->ask('pageQuarantine'));
    }

    /** How many rows the pull left out since its page before because they bear another channel's id. */
    public function leftOut(): int
    {
        return $this->ask('pageLeftOut');
    }

    /** Says that the shop has stored this page: its versions are not delivered again (cursor feeds). */
    public function commit(): void
    {
        $pull = $this->pull?->get() ?? throw UseException::because('the pull of this page is gone: there is nothing to commit');
        $pull->commit($this);
    }
}
