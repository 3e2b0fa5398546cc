<?php

/*
 * A php-fpm with four workers, by the rig of the binding's own tests: each request does a whole job. Says, as a line of JSON,
 * what the workers answered and what the hub has.
 *
 *     fpm.php REQUESTS
 */

declare(strict_types=1);

namespace Flxchannel\Tests;

const BINDING = __DIR__ . '/../../../bindings/php';

require BINDING . '/autoload.php';
require BINDING . '/tests/Place.php';
require BINDING . '/tests/FpmTest.php';

/** What the rig asks of the program that runs it. */
function holds(bool $claim, string $what): void
{
    $claim || exit("not so: $what\n");
}

$place = new Place();
$order = var_export($place->order('X'), true);
$fpm = new Fpm($place, '$number = $_GET["order"]; $client = new Flxchannel\Client($config);
    $pull = $client->pull("listings", ["cursor" => $number, "page_size" => 1]);
    $pages = count($pull->next(20000)); $pull->close();
    $client->submit(["orderNumber" => $number] + ' . $order . ');
    for ($turn = 0; $turn < 1000; $turn++) {
        $client->flush(2000);
        if ($client->outbox(["number" => $number])[0]["verdict"] === "applied") { break; }
        usleep(20_000);
    }
    $applied = $client->outbox(["number" => $number])[0]["verdict"] === "applied";
    echo json_encode(["pid" => getmypid(), "pages" => $pages, "applied" => $applied]);');
$requests = array_map(fn (int $n): Program => $fpm->request("order=F-$n"), range(1, (int) $argv[1]));
$answers = array_map(fn (Program $one): string => trim(explode("\r\n\r\n", $one->rest(), 2)[1] ?? ''), $requests);
$totals = $place->asked('totals');
echo json_encode(['answers' => array_map(fn (string $one): mixed => json_decode($one) ?? $one, $answers),
    'numbers' => $totals['order_numbers_pushed'], 'orders' => $totals['orders_pushed'], 'posts' => $totals['order_posts']]), "\n";
unset($fpm);
$place->clear();
