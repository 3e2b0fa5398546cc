<?php
// This library from PHP: native arrays, each number exact. By the extension where PHP was started with it, else by FFI.
declare(strict_types=1);
require __DIR__ . '/common.php';
require __DIR__ . '/../../../bindings/php/autoload.php';

$client = new Flxchannel\Client(['channel' => 'bench', 'token' => 'bench-token', 'origin' => $argv[2], 'state_dir' => $argv[3]]);

$pages = function () use ($client): Generator {
    foreach ($client->pull('listings_to_sync') as $page) {
        yield $page->records();
    }
};
run($argv, $pages, fn (): int => $client->call('getListingVariantsCount')['body']);
