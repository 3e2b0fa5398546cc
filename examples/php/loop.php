<?php
/*
 * The whole job of a channel, once around, with nothing but PHP's FFI:  php loop.php [PREFIX]
 *
 * FLX_PLAIN_HEADER and FLX_LIBRARY name flxchannel.ffi.h and libflxchannel.so.1; without them pkg-config is asked where
 * they were installed. FLX_URL, FLX_TOKEN and FLX_STATE_DIR name the hub and the state.
 */
declare(strict_types=1);

/** The library with PHP's manners: strings and arrays in, arrays and exceptions out. */
final class Flx
{
    public readonly FFI $c;

    public function __construct(string $header, string $library)
    {
        $this->c = FFI::cdef(file_get_contents($header), $library);
        if ($this->c->flx_require($this->c->FLX_VERSION) !== $this->c->FLX_OK) {
            throw new RuntimeException("$library does not belong to $header");
        }
    }

    /** Calls a function whose last parameter is the error, and gives its status. */
    public function call(string $function, mixed ...$arguments): int
    {
        $err = $this->c->new('flx_error *');
        $status = $this->c->$function(...$arguments, ...[FFI::addr($err)]);
        if ($status >= 0) {
            return $status;
        }
        $message = $this->view('flx_error_view', $err, $this->c->FLX_ERROR_MESSAGE);
        $this->c->flx_error_free($err);
        throw new RuntimeException("$function: $message", $status);
    }

    /** Makes an object: calls a function whose last two parameters are an out pointer and the error. */
    public function make(string $type, string $function, mixed ...$arguments): FFI\CData
    {
        $out = $this->c->new("$type *");
        $this->call($function, ...$arguments, ...[FFI::addr($out)]);
        return $out;
    }

    /** Calls a function that gives a blob of JSON. */
    public function json(string $function, mixed ...$arguments): array
    {
        $blob = $this->make('flx_blob', $function, ...$arguments);
        [$p, $n] = [$this->c->new('const void *'), $this->c->new('size_t')];
        $this->c->flx_blob_view($blob, FFI::addr($p), FFI::addr($n));
        $text = FFI::string($this->c->cast('const char *', $p), $n->cdata);
        $this->c->flx_blob_free($blob);
        return json_decode($text, true, flags: JSON_THROW_ON_ERROR);
    }

    /** Calls a function that gives a view: pointer and length. */
    public function view(string $function, mixed ...$arguments): string
    {
        [$p, $n] = [$this->c->new('const char *'), $this->c->new('size_t')];
        $this->c->$function(...$arguments, ...[FFI::addr($p), FFI::addr($n)]);
        return FFI::string($p, $n->cdata);
    }

    /** Walks over a feed: receipt and records of each page, and a page to commit. */
    public function walk(FFI\CData $client, int $feed): Generator
    {
        $pull = $this->make('flx_pull', 'flx_pull_open', $client, $feed, null, 0);
        $page = $this->c->new('flx_page *');
        while (($status = $this->call('flx_pull_next', $pull, 5000, FFI::addr($page))) !== $this->c->FLX_DONE) {
            if ($status === $this->c->FLX_AGAIN) {
                continue;
            }
            yield $this->view('flx_page_receipt', $page) => json_decode($this->view('flx_page_json', $page), true);
            if ($feed > $this->c->FLX_FEED_LISTINGS_TO_SYNC) {
                $this->call('flx_pull_commit', $pull, $page); // the loop's body has stored it
            }
            $this->c->flx_page_free($page);
        }
        $this->c->flx_pull_close($pull);
    }
}

$installed = fn (string $what): string => trim((string) shell_exec("pkg-config --variable=$what flxchannel"));
$flx = new Flx(
    getenv('FLX_PLAIN_HEADER') ?: $installed('plain_header'),
    getenv('FLX_LIBRARY') ?: $installed('shared_library'),
);
$json = fn (mixed $value): string => json_encode($value, JSON_THROW_ON_ERROR);

$config = $flx->make('flx_config', 'flx_config_new');
$settings = $json(['channel' => 'php-example', 'origin' => getenv('FLX_URL'), 'token' => getenv('FLX_TOKEN'),
    'state_dir' => getenv('FLX_STATE_DIR')]);
$flx->call('flx_config_set_json', $config, $settings, strlen($settings));
$client = $flx->make('flx_client', 'flx_client_open', $config);
$flx->c->flx_config_free($config);

$counts = ['published' => 0, 'synced' => 0, 'orders' => 0, 'shipments' => 0];
$sellable = [];

// The member that names a queued status change, done in the shop before this line: the hub believes it only then.
$confirm = function (array $listing): array {
    $change = $listing['changeToListingStatus'] ?? $listing['parent']['changeToListingStatus'] ?? null;
    return $change ? ['confirm' => $change['handle']] : [];
};

foreach ($flx->walk($client, $flx->c->FLX_FEED_LISTINGS_TO_PUBLISH) as $receipt => $parents) {
    $answers = $json(array_map(fn (array $parent): array => [
        'id' => (string) $parent['id'],
        'externalId' => "P-{$parent['id']}",
        'variants' => array_map(
            fn (array $variant): array => [
                'id' => (string) $variant['id'], 'externalId' => "V-{$variant['id']}", ...$confirm($variant),
            ],
            $parent['variants'],
        ),
        ...$confirm($parent),
    ], $parents));
    $flx->call('flx_ack', $client, $receipt, strlen($receipt), $answers, strlen($answers));
    $counts['published'] += count($parents);
}
foreach ($flx->walk($client, $flx->c->FLX_FEED_LISTINGS_TO_SYNC) as $receipt => $variants) {
    $answers = $json(array_map(
        fn (array $variant): array => ['id' => (string) $variant['id'], ...$confirm($variant)],
        $variants,
    ));
    $flx->call('flx_ack', $client, $receipt, strlen($receipt), $answers, strlen($answers));
    $counts['synced'] += count($variants);
    array_push($sellable, ...array_filter($variants, fn (array $variant): bool => ($variant['quantity'] ?? 0) > 2));
}

$numbers = [];
foreach (array_slice($sellable, 0, 3) as $i => $variant) {
    $numbers[] = ($argv[1] ?? 'PHP-' . time()) . "-$i";
    $order = $json(['orderNumber' => end($numbers), 'shippingText' => 'Standard',
        'shippingAddress' => ['name' => "Buyer $i", 'addressLine1' => '1 Sample Street', 'city' => 'Springfield',
            'postal' => '00000', 'countryCode' => 'US'],
        'orderItems' => [['sku' => $variant['sku'], 'quantity' => 1, 'price' => '19.99']]]); // money is decimal text
    $flx->call('flx_order_submit', $client, $order, strlen($order), null);
}
while ($flx->call('flx_flush', $client, 2000, null) === $flx->c->FLX_AGAIN) {
    // orders first, then answers; every slice ends in time
}
foreach ($flx->json('flx_outbox_results', $client, 1000) as $result) {
    echo "order {$result['number']}: {$result['verdict']}, hub id {$result['order_id']}\n";
    $settled = $json([$result['number']]);
    $flx->call('flx_outbox_settle', $client, $settled, strlen($settled));
}
foreach ($flx->walk($client, $flx->c->FLX_FEED_ORDERS) as $orders) {
    $counts['orders'] += count($orders);
}
foreach ($flx->walk($client, $flx->c->FLX_FEED_SHIPMENTS) as $shipments) {
    $counts['shipments'] += count($shipments);
}
$flx->c->flx_client_close($client);
vprintf("%d parents published, %d variants synced, %d orders and %d shipments read\n", array_values($counts));
