<?php

declare(strict_types=1);

namespace Flxchannel;

/**
 * One open connection of this process to one channel.
 *
 *     $client = new Client(['channel' => 'shop', 'token' => $token, 'state_dir' => '/var/lib/shop/flx']);
 *     $client->submit(['orderNumber' => 'A-1001', 'orderItems' => [['sku' => 'TEE', 'quantity' => 1]], ...]);
 *     $client->flush(5000);
 *
 * The config is the library's, `Library::describe('config')`. Opening makes no request. Any number of processes may open the
 * same channel; a child of a fork opens its own. What a method means in full stands in the header, flxchannel.h.
 */
final class Client extends Handle
{
    protected const NOUN = 'client';
    protected const CLOSE = 'clientClose';

    private readonly ?\Closure $onLog;
    private bool $isTelling = false;

    /**
     * @param ?callable $onLog takes log records as arrays, in place of `logs`. It is called after each call of this client,
     *                         never inside the library: what it throws is written to PHP's log and changes nothing else
     */
    public function __construct(#[\SensitiveParameter] array $config, ?callable $onLog = null)
    {
        $backend = Library::backend();
        parent::__construct($backend, $backend->clientOpen(Json::value($config)));
        $this->onLog = $onLog === null ? null : $onLog(...);
        $this->afterwards();
    }

    // The channel

    /** Asks the hub, with a few cheap requests, whether this channel can work. */
    public function probe(int $waitMs = -1): array
    {
        return Json::decode($this->ask('clientProbe', Arguments::int32($waitMs, 'waitMs')));
    }

    /** The state of the channel: `Library::describe('metrics')`. Makes no request. */
    public function stats(): array
    {
        return Json::decode($this->ask('clientStats'));
    }

    /** Who holds which feed, in all processes. */
    public function holders(): array
    {
        return Json::decode($this->ask('clientHolders'));
    }

    /** Takes the log records kept since the last call, oldest first; none if there is an `$onLog`. */
    public function logs(): array
    {
        return $this->onLog === null ? $this->keptRecords() : [];
    }

    /** Replaces the token. Queue, answers and cursors stay; a paused channel goes on. */
    public function setToken(#[\SensitiveParameter] string $token): void
    {
        $this->ask('clientSetToken', $token);
    }

    /** Forgets what the hub said: "clock", "pool", "hold", "filters", "channel"; without names all but "channel". */
    public function relearn(string ...$facts): void
    {
        $this->ask('clientRelearn', $facts === [] ? '' : Json::value(array_values($facts)));
    }

    // Listings, status and parcels in

    /**
     * Opens a walk over a feed, such as "listings_to_sync" or "orders".
     *
     * @param array $spec `cursor`, `since`, `page_size`, and the feed's filters (`Library::describe('feeds')`)
     * @throws ClientBusyException at once if another pull uses the feed; its message names the process
     */
    public function pull(Feed|string $feed, array $spec = []): Pull
    {
        return new Pull($this->backend, $this->ask('pullOpen', Arguments::feed($feed), Json::value($spec)), $this);
    }

    /** A listing as it was seen last, by `id` or `sku`: costs no request. Needs the config key `snapshots.keep_days`. */
    public function snapshot(array $query): array
    {
        return Json::exact($this->ask('snapshotGet', Json::value($query)));
    }

    /** The cursors of this channel. */
    public function cursors(): array
    {
        return Json::decode($this->ask('cursorList'));
    }

    /** Sets a cursor to an instant, "" for the beginning: all since then comes again. */
    public function setCursor(Feed|string $feed, string|\DateTimeInterface $cursor, ?string $name = null): void
    {
        $at = is_string($cursor) ? $cursor : $cursor->format(DATE_ATOM);
        $this->ask('cursorSet', Arguments::feed($feed), $name, $at);
    }

    // Answers out

    /**
     * Answers records of a queue feed (`Library::describe('schema/answer')`). Durable when it returns; `flush` sends it.
     *
     * All or nothing: with one fault AnswerException lists all of them and nothing is stored.
     */
    public function ack(string $receipt, array|string $answers): void
    {
        $this->ask('ack', $receipt, Json::encode($answers));
    }

    /** What became of answers: at most `$max`, from `$after` on, which is 0 or the last `seq` seen. */
    public function ackResults(int $after, int $max): array
    {
        return Json::decode($this->ask('ackResults', Arguments::size($after, 'after'), Arguments::size($max, 'max')));
    }

    // Orders out

    /**
     * Accepts an order for sending (`Library::describe('schema/order')`). Durable when it returns; `flush` sends it.
     *
     * The same order again is no error and sends nothing; other content under its number is ConflictException.
     */
    public function submit(#[\SensitiveParameter] array|string $order): array
    {
        return Json::decode($this->ask('orderSubmit', Json::encode($order)));
    }

    /** Reads one order of the outbox at the hub, now: a page with one record. */
    public function orderStatus(string $number, int $waitMs = -1): Page
    {
        return new Page($this->backend, $this->ask('orderStatus', $number, Arguments::int32($waitMs, 'waitMs')));
    }

    /** Cancels an order wherever it stands: `outcome` is not_sent, canceled, asked, given_up, not_at_hub or in_doubt. */
    public function cancelOrder(string $number, int $waitMs = -1): array
    {
        return Json::decode($this->ask('orderCancel', $number, Arguments::int32($waitMs, 'waitMs')));
    }

    /** Spends a slice of time on sending: orders first, then answers of feeds that nobody is pulling. */
    public function flush(int $budgetMs): FlushReport
    {
        if (Arguments::int32($budgetMs, 'budgetMs') < 0) {
            [$status, $report] = $this->ask('flush', $budgetMs);
            return new FlushReport($status, [Json::decode($report)]);
        }
        $slices = new Slices($budgetMs);
        $reports = [];
        while (true) {
            [$status, $report] = $this->ask('flush', $slices->stayMs());
            $reports[] = $last = Json::decode($report);
            $pause = $slices->restAfter($last);
            if ($pause === null) {
                return new FlushReport($status, $reports);
            }
            $slices->rest($pause);
        }
    }

    /** Orders whose verdict is known and not yet settled, at most `$max`, oldest first. */
    public function results(int $max): array
    {
        return Json::decode($this->ask('outboxResults', Arguments::size($max, 'max')));
    }

    /** Says that the shop has stored the results of these orders. */
    public function settle(string ...$numbers): void
    {
        $this->ask('outboxSettle', Json::value(array_values($numbers)));
    }

    // The outbox, for people

    /** Orders of the outbox: `state`, `verdict`, `number`, `limit`, `after`. */
    public function outbox(array $filter = []): array
    {
        return Json::decode($this->ask('outboxList', Json::value($filter)));
    }

    /** Queues orders again that were refused or given up: the same bytes, once more. */
    public function retry(string ...$numbers): void
    {
        $this->ask('outboxRetry', Json::value(array_values($numbers)));
    }

    /** Gives orders up that are still queued. */
    public function discard(string ...$numbers): void
    {
        $this->ask('outboxDiscard', Json::value(array_values($numbers)));
    }

    /** The whole history of one order. */
    public function history(string $number): array
    {
        return Json::decode($this->ask('outboxHistory', $number));
    }

    /** Removes buyer data of settled orders: `numbers`, or `settled_before` (an instant). */
    public function purge(array $filter): array
    {
        return Json::decode($this->ask('outboxPurge', Json::value($filter)));
    }

    // All of it in one loop

    /**
     * Does all that the channel has to do, once; returns the summary.
     *
     *     $client->sync(['sync' => $shop->setStock(...), 'change' => $shop->setStatus(...)], ['budget_ms' => 20_000]);
     *
     * A handler gets one event and returns true (or nothing) when the shop has done or stored it, false when it is to come
     * again, an array to say more (`['externalId' => ...]`, `['error' => ...]`). What one throws is written to PHP's log, and
     * its event comes again. Only what has a handler is run; `change` must return true by itself once it was carried out.
     *
     * @param array<string, callable> $handlers by type of event
     * @param array                   $plan     `budget_ms`, `parts`, `every_s`, `cursor`
     */
    public function sync(array $handlers, array $plan = []): array
    {
        $sync = $this->openSync(Sync::planFor($handlers, $plan));
        try {
            return $sync->run($handlers);
        } finally {
            $sync->close();
        }
    }

    /** Opens a round whose events are taken one by one. */
    public function openSync(array $plan = []): Sync
    {
        return new Sync($this->backend, $this->ask('syncOpen', Json::value($plan)), $this);
    }

    // Everything else of the contract

    /**
     * Calls one operation by its id, with its arguments by name and `body`: ['status' => 200, 'body' => ...].
     *
     * @throws PossiblyAppliedException if the effect of a write is unknown
     */
    public function call(string $operation, #[\SensitiveParameter] array $arguments = [], int $waitMs = -1): array
    {
        return Json::exact($this->ask('call', $operation, Json::value($arguments), Arguments::int32($waitMs, 'waitMs')));
    }

    /** Shows what would be sent instead of sending it: what waits, or one call with its arguments. */
    public function preview(?string $operation = null, #[\SensitiveParameter] array $arguments = []): array
    {
        $what = $operation === null ? '' : Json::value(['operation' => $operation, 'arguments' => $arguments]);
        return Json::exact($this->ask('preview', $what));
    }

    /** Hands log records to the host, outside of the library; those that come of it are handed over after the next call. */
    protected function afterwards(): void
    {
        if ($this->onLog === null || $this->isTelling || $this->isClosed()) {
            return;
        }
        try {
            $records = $this->keptRecords();
        } catch (FlxException) {
            return; // such as that this is the child of a fork
        }
        $this->isTelling = true;
        try {
            array_map($this->onLog, $records);
        } catch (\Throwable $thrown) {
            error_log('flxchannel: the log handler threw ' . $thrown::class . " in {$thrown->getFile()}:{$thrown->getLine()}");
        } finally {
            $this->isTelling = false;
        }
    }

    /** @return list<array> */
    private function keptRecords(): array
    {
        $lines = $this->backend->clientLogs($this->handle());
        return array_map(Json::decode(...), array_values(array_filter(explode("\n", $lines))));
    }
}
