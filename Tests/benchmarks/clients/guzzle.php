<?php
// Guzzle and json_decode.
declare(strict_types=1);
require '/usr/share/php/GuzzleHttp/autoload.php';
require __DIR__ . '/common.php';

$client = new GuzzleHttp\Client(['headers' => ['X-API-TOKEN' => 'bench-token', 'Accept' => 'application/json']]);

$read = fn (string $url): mixed => json_decode((string) $client->get($url)->getBody(), true, 64, JSON_THROW_ON_ERROR);

run($argv, fn (): Generator => numbered($argv[2], $read), fn (): int => $read("$argv[2]/listing/variants/count"));
