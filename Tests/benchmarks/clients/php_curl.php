<?php
// PHP's curl extension and json_decode.
declare(strict_types=1);
require __DIR__ . '/common.php';

$curl = curl_init();
curl_setopt_array($curl, [CURLOPT_HTTPHEADER => HEADERS, CURLOPT_RETURNTRANSFER => true, CURLOPT_ENCODING => 'gzip, deflate']);

$read = function (string $url) use ($curl): mixed {
    curl_setopt($curl, CURLOPT_URL, $url);
    $body = curl_exec($curl);
    if ($body === false || curl_getinfo($curl, CURLINFO_RESPONSE_CODE) !== 200) {
        throw new RuntimeException(curl_error($curl));
    }
    return json_decode($body, true, 64, JSON_THROW_ON_ERROR);
};

run($argv, fn (): Generator => numbered($argv[2], $read), fn (): int => $read("$argv[2]/listing/variants/count"));
