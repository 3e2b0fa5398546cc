<?php

/*
 * The whole job of a channel, once around, step by step:  php loop.php [PREFIX]
 *
 * FLX_URL, FLX_TOKEN and FLX_STATE_DIR name the hub and the state; pkg-config is asked where the PHP package was installed.
 * `Client::sync` does the same with a function for each type of event.
 */

declare(strict_types=1);

use Flxchannel\Client;
use Flxchannel\Codes;

require trim((string) shell_exec('pkg-config --variable=php_package flxchannel')) . '/autoload.php';

$client = new Client(['channel' => 'php-example', 'origin' => getenv('FLX_URL'), 'token' => getenv('FLX_TOKEN'),
    'state_dir' => getenv('FLX_STATE_DIR')]);
$counts = ['published' => 0, 'synced' => 0, 'orders' => 0, 'shipments' => 0];
$sellable = [];

// The member that names a queued status change, done in the shop before this line: the hub believes it only then.
$confirm = function (array $listing): array {
    $change = $listing['changeToListingStatus'] ?? $listing['parent']['changeToListingStatus'] ?? null;
    return $change ? ['confirm' => $change['handle']] : [];
};

foreach ($client->pull('listings_to_publish') as $page) {
    $client->ack($page->receipt(), array_map(fn (array $parent): array => [
        'id' => $parent['id'],
        'externalId' => "P-{$parent['id']}",
        'variants' => array_map(
            fn (array $variant): array => ['id' => $variant['id'], 'externalId' => "V-{$variant['id']}", ...$confirm($variant)],
            $parent['variants'],
        ),
        ...$confirm($parent),
    ], $page->records()));
    $counts['published'] += count($page);
}
foreach ($client->pull('listings_to_sync') as $page) {
    $answer = fn (array $variant): array => ['id' => $variant['id'], ...$confirm($variant)];
    $client->ack($page->receipt(), array_map($answer, $page->records()));
    $counts['synced'] += count($page);
    array_push($sellable, ...array_filter($page->records(), fn (array $variant): bool => ($variant['quantity'] ?? 0) > 2));
}

foreach (array_slice($sellable, 0, 3) as $i => $variant) {
    $client->submit(['orderNumber' => ($argv[1] ?? 'PHP-' . time()) . "-$i", 'shippingText' => 'Standard',
        'shippingAddress' => ['name' => "Buyer $i", 'addressLine1' => '1 Sample Street', 'city' => 'Springfield',
            'postal' => '00000', 'countryCode' => 'US'],
        'orderItems' => [['sku' => $variant['sku'], 'quantity' => 1, 'price' => '19.99']]]); // money is decimal text
}
while ($client->flush(2000)->outcome === Codes::AGAIN) {
    // orders first, then answers; every slice ends in time
}
foreach ($client->results(1000) as $result) {
    echo "order {$result['number']}: {$result['verdict']}, hub id {$result['order_id']}\n";
    $client->settle($result['number']);
}
foreach (['orders', 'shipments'] as $feed) {
    foreach ($client->pull($feed) as $page) {
        $counts[$feed] += count($page);
        $page->commit(); // the loop's body has stored it
    }
}
vprintf("%d parents published, %d variants synced, %d orders and %d shipments read\n", array_values($counts));
