<?php

declare(strict_types=1);

namespace Flxchannel;

/**
 * The C library as PHP sees it: one method for each function of the header, by its name, and no rule beside them.
 *
 * A handle is an object that only its back end looks into. Text goes in and comes out as UTF-8, mostly JSON. A negative
 * status is thrown as the exception of its code; other statuses are given back where a caller needs them. No method runs code
 * of the host's while it is inside the library: no exception, limit or signal of PHP can cut a call short.
 *
 * The class of the C extension has its signatures from this file (`make generate`), so PHP itself refuses one that differs.
 */
interface Backend
{
    public function version(): int;

    public function versionString(): string;

    public function require(int $header): int;

    public function describe(string $topic): string;

    /** Makes a client of a config in JSON. */
    public function clientOpen(#[\SensitiveParameter] string $config): object;

    public function clientProbe(object $client, int $waitMs): string;

    public function clientStats(object $client): string;

    public function clientHolders(object $client): string;

    public function clientLogs(object $client): string;

    public function clientSetToken(object $client, #[\SensitiveParameter] string $token): void;

    public function clientRelearn(object $client, string $facts): void;

    public function clientClose(object $client): void;

    public function pullOpen(object $client, int $feed, string $spec): object;

    /** The next page, or FLX_AGAIN, FLX_DONE. */
    public function pullNext(object $pull, int $waitMs): object|int;

    public function pullCommit(object $pull, object $page): void;

    public function pullClose(object $pull): void;

    public function snapshotGet(object $client, string $query): string;

    public function cursorList(object $client): string;

    public function cursorSet(object $client, int $feed, ?string $name, string $cursor): void;

    public function pageCount(object $page): int;

    public function pageFeed(object $page): int;

    public function pageLeftOut(object $page): int;

    public function pageJson(object $page): string;

    public function pageReceipt(object $page): string;

    public function pageQuarantine(object $page): string;

    public function recordJson(object $page, int $index): string;

    public function recordGet(object $page, int $index, string $path): string;

    public function pageFacts(object $page): string;

    public function pageFree(object $page): void;

    public function ack(object $client, string $receipt, string $answers): void;

    public function ackResults(object $client, int $after, int $max): string;

    public function orderCheck(#[\SensitiveParameter] string $order): string;

    public function orderSubmit(object $client, #[\SensitiveParameter] string $order): string;

    /** A page with one record. */
    public function orderStatus(object $client, string $number, int $waitMs): object;

    public function orderCancel(object $client, string $number, int $waitMs): string;

    /** Status and report. */
    public function flush(object $client, int $budgetMs): array;

    public function outboxResults(object $client, int $max): string;

    public function outboxSettle(object $client, string $numbers): void;

    public function outboxList(object $client, string $filter): string;

    public function outboxRetry(object $client, string $numbers): void;

    public function outboxDiscard(object $client, string $numbers): void;

    public function outboxHistory(object $client, string $number): string;

    public function outboxPurge(object $client, string $filter): string;

    public function syncOpen(object $client, string $plan): object;

    /** Status, and event or null. */
    public function syncNext(object $sync, int $waitMs): array;

    public function syncReply(object $sync, int $event, string $reply): void;

    public function syncClose(object $sync): void;

    public function call(object $client, string $operation, #[\SensitiveParameter] string $arguments, int $waitMs): string;

    public function preview(object $client, #[\SensitiveParameter] string $what): string;
}
