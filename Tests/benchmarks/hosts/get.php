<?php
// What a call costs: a value of a record by its path.   get.php URL TOKEN STATE_DIR TIMES; prints nanoseconds of a call.
declare(strict_types=1);
require __DIR__ . '/../clients/common.php';
require __DIR__ . '/../../../bindings/php/autoload.php';

[, $origin, $token, $state, $times] = $argv;
$client = new Flxchannel\Client(['channel' => 'bench', 'token' => $token, 'state_dir' => $state, 'origin' => $origin]);
$page = $client->pull('listings')->next(10_000);
$start = cpuSeconds();
for ($turn = 0; $turn < (int) $times; $turn++) {
    $page->get(0, '/sku');
}
echo (cpuSeconds() - $start) / (int) $times * 1e9, "\n";
