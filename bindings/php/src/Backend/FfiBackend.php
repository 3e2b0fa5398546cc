<?php

declare(strict_types=1);

namespace Flxchannel;

/** The library through PHP's FFI. */
final class FfiBackend extends FfiCalls implements Backend
{
    /** The scope that the header of `ffi.preload` names. */
    private const SCOPE = 'flxchannel';

    /** Where `make install` puts the header: beside the package, and where that is without it. */
    private const HEADERS = [__DIR__ . '/../../../flxchannel.php.h', '/usr/local/share/flxchannel/flxchannel.php.h',
        '/usr/share/flxchannel/flxchannel.php.h'];

    /**
     * Loads the library: what `ffi.preload` has loaded, else that of the header at the path given, in the environment variable
     * FLXCHANNEL_HEADER, or where it is installed. FLXCHANNEL_LIBRARY names another library than the header does.
     */
    public static function load(?string $header = null): self
    {
        try {
            if ($header === null && !getenv('FLXCHANNEL_HEADER')) {
                return new self(\FFI::scope(self::SCOPE));
            }
        } catch (\FFI\Exception) {
            // not preloaded
        }
        $header ??= getenv('FLXCHANNEL_HEADER') ?: current(array_filter(self::HEADERS, is_file(...)) ?: self::HEADERS);
        $text = @file_get_contents($header);
        if ($text === false || !preg_match('/^#define FFI_LIB "(.*)"$/m', $text, $library)) {
            throw LibraryException::because("$header is not there or not the header that make install writes for PHP");
        }
        try {
            return new self(\FFI::cdef(preg_replace('/^#.*$/m', '', $text), getenv('FLXCHANNEL_LIBRARY') ?: $library[1]));
        } catch (\FFI\Exception $refused) {
            $why = "{$refused->getMessage()}; the README of bindings/php says what php.ini needs";
            throw LibraryException::because($why, previous: $refused);
        }
    }

    public function version(): int
    {
        return $this->c->flx_version();
    }

    public function versionString(): string
    {
        return $this->c->flx_version_string();
    }

    public function require(int $header): int
    {
        return $this->c->flx_require($header);
    }

    public function describe(string $topic): string
    {
        return $this->text('flx_describe', $topic, strlen($topic));
    }

    public function clientOpen(#[\SensitiveParameter] string $config): object
    {
        $settings = $this->made('flx_config', 'flx_config_free', 'flx_config_new');
        try {
            $this->status('flx_config_set_json', $settings, $config, strlen($config));
            return $this->made('flx_client', 'flx_client_close', 'flx_client_open', $settings);
        } finally {
            $settings->free(); // not with the last reference, which the trace of an exception may be: it has the token
        }
    }

    public function clientProbe(object $client, int $waitMs): string
    {
        return $this->text('flx_client_probe', $client, $waitMs);
    }

    public function clientStats(object $client): string
    {
        return $this->text('flx_client_stats', $client);
    }

    public function clientHolders(object $client): string
    {
        return $this->text('flx_client_holders', $client);
    }

    public function clientLogs(object $client): string
    {
        return $this->text('flx_client_logs', $client);
    }

    public function clientSetToken(object $client, #[\SensitiveParameter] string $token): void
    {
        $this->status('flx_client_set_token', $client, $token, strlen($token));
    }

    public function clientRelearn(object $client, string $facts): void
    {
        $this->status('flx_client_relearn', $client, $facts, strlen($facts));
    }

    public function clientClose(object $client): void
    {
        $client->free();
    }

    public function pullOpen(object $client, int $feed, string $spec): object
    {
        return $this->made('flx_pull', 'flx_pull_close', 'flx_pull_open', $client, $feed, $spec, strlen($spec));
    }

    public function pullNext(object $pull, int $waitMs): object|int
    {
        [$status, $page] = $this->brought('flx_page', 'flx_page_free', 'flx_pull_next', $pull, $waitMs);
        return $status === Codes::OK ? $page : $status;
    }

    public function pullCommit(object $pull, object $page): void
    {
        $this->status('flx_pull_commit', $pull, $page);
    }

    public function pullClose(object $pull): void
    {
        $pull->free();
    }

    public function snapshotGet(object $client, string $query): string
    {
        return $this->text('flx_snapshot_get', $client, $query, strlen($query));
    }

    public function cursorList(object $client): string
    {
        return $this->text('flx_cursor_list', $client);
    }

    public function cursorSet(object $client, int $feed, ?string $name, string $cursor): void
    {
        $this->status('flx_cursor_set', $client, $feed, $name, strlen($name ?? ''), $cursor, strlen($cursor));
    }

    public function pageCount(object $page): int
    {
        return $this->run('flx_page_count', $page);
    }

    public function pageFeed(object $page): int
    {
        return $this->run('flx_page_feed', $page);
    }

    public function pageLeftOut(object $page): int
    {
        return $this->run('flx_page_left_out', $page);
    }

    public function pageJson(object $page): string
    {
        return $this->view('flx_page_json', $page);
    }

    public function pageReceipt(object $page): string
    {
        return $this->view('flx_page_receipt', $page);
    }

    public function pageQuarantine(object $page): string
    {
        return $this->text('flx_page_quarantine', $page);
    }

    public function recordJson(object $page, int $index): string
    {
        return $this->view('flx_record_json', $page, $index);
    }

    public function recordGet(object $page, int $index, string $path): string
    {
        return $this->view('flx_record_get', $page, $index, $path, strlen($path));
    }

    public function pageFacts(object $page): string
    {
        return $this->text('flx_page_facts', $page);
    }

    public function pageFree(object $page): void
    {
        $page->free();
    }

    public function ack(object $client, string $receipt, string $answers): void
    {
        $this->status('flx_ack', $client, $receipt, strlen($receipt), $answers, strlen($answers));
    }

    public function ackResults(object $client, int $after, int $max): string
    {
        return $this->text('flx_ack_results', $client, $after, $max);
    }

    public function orderCheck(#[\SensitiveParameter] string $order): string
    {
        return $this->text('flx_order_check', $order, strlen($order));
    }

    public function orderSubmit(object $client, #[\SensitiveParameter] string $order): string
    {
        return $this->text('flx_order_submit', $client, $order, strlen($order));
    }

    public function orderStatus(object $client, string $number, int $waitMs): object
    {
        return $this->made('flx_page', 'flx_page_free', 'flx_order_status', $client, $number, strlen($number), $waitMs);
    }

    public function orderCancel(object $client, string $number, int $waitMs): string
    {
        return $this->text('flx_order_cancel', $client, $number, strlen($number), $waitMs);
    }

    public function flush(object $client, int $budgetMs): array
    {
        return $this->told('flx_flush', $client, $budgetMs);
    }

    public function outboxResults(object $client, int $max): string
    {
        return $this->text('flx_outbox_results', $client, $max);
    }

    public function outboxSettle(object $client, string $numbers): void
    {
        $this->status('flx_outbox_settle', $client, $numbers, strlen($numbers));
    }

    public function outboxList(object $client, string $filter): string
    {
        return $this->text('flx_outbox_list', $client, $filter, strlen($filter));
    }

    public function outboxRetry(object $client, string $numbers): void
    {
        $this->status('flx_outbox_retry', $client, $numbers, strlen($numbers));
    }

    public function outboxDiscard(object $client, string $numbers): void
    {
        $this->status('flx_outbox_discard', $client, $numbers, strlen($numbers));
    }

    public function outboxHistory(object $client, string $number): string
    {
        return $this->text('flx_outbox_history', $client, $number, strlen($number));
    }

    public function outboxPurge(object $client, string $filter): string
    {
        return $this->text('flx_outbox_purge', $client, $filter, strlen($filter));
    }

    public function syncOpen(object $client, string $plan): object
    {
        return $this->made('flx_sync', 'flx_sync_close', 'flx_sync_open', $client, $plan, strlen($plan));
    }

    public function syncNext(object $sync, int $waitMs): array
    {
        return $this->told('flx_sync_next', $sync, $waitMs);
    }

    public function syncReply(object $sync, int $event, string $reply): void
    {
        $this->status('flx_sync_reply', $sync, $event, $reply, strlen($reply));
    }

    public function syncClose(object $sync): void
    {
        $sync->free();
    }

    public function call(object $client, string $operation, #[\SensitiveParameter] string $arguments, int $waitMs): string
    {
        return $this->text('flx_call', $client, $operation, strlen($operation), $arguments, strlen($arguments), $waitMs);
    }

    public function preview(object $client, #[\SensitiveParameter] string $what): string
    {
        return $this->text('flx_preview', $client, $what, strlen($what));
    }
}
