<?php

/*
 * A host in PHP, by the extension (GUEST_EXTENSION is set) or by FFI.
 *
 *     guest.php fork MOMENT           pcntl_fork at a moment; parent and child each do a whole job
 *     guest.php attributes WITNESS    what a process can set, from before the library is loaded until the client is closed
 *     guest.php forget A,B,C,D        client, pull, page and sync are unset in this order
 *     guest.php pages EARLY ALL       walks until it has seen so many pages, and says what the process weighs
 *
 * GUEST_CONFIG has the config.
 */

declare(strict_types=1);

use Flxchannel\Client;
use Flxchannel\FlxException;
use Flxchannel\Library;

require __DIR__ . '/../../../bindings/php/autoload.php';

function load(): void
{
    if (getenv('GUEST_EXTENSION') && !extension_loaded('flxchannel') && !dl('flxchannel.so')) {
        exit(8);
    }
    Library::backend();
}

/** One line, in one write, for a child may say something at the same time. */
function say(array $facts): void
{
    fwrite(STDOUT, json_encode($facts) . "\n");
}

function client(): Client
{
    return new Client(json_decode(getenv('GUEST_CONFIG'), true));
}

function order(string $number): array
{
    $address = ['name' => 'Ada Example', 'addressLine1' => '1 Test Street', 'city' => 'Springfield', 'stateCode' => 'IL',
        'postal' => '62701', 'countryCode' => 'US'];
    return ['orderNumber' => $number, 'orderTotal' => '19.99', 'shippingText' => 'Standard', 'shippingAddress' => $address,
        'orderItems' => [['sku' => 'NO-SUCH-SKU', 'quantity' => 1, 'price' => '19.99']]];
}

/** Pulls a page, submits an order, flushes until it is at the hub. */
function wholeJob(Client $client, string $number): array
{
    $pull = $client->pull('listings', ['cursor' => $number, 'page_size' => 1]);
    $pages = count($pull->next(20_000));
    $pull->close();
    $client->submit(order($number));
    for ($turn = 0; $turn < 1000; $turn++) {
        $client->flush(2000);
        if ($client->outbox(['number' => $number])[0]['verdict'] === 'applied') {
            break;
        }
        usleep(20_000); // the other process may be at it: then a flush returns at once
    }
    return ['pages' => $pages, 'applied' => $client->outbox(['number' => $number])[0]['verdict'] === 'applied'];
}

/** What each use of what was inherited is answered with. */
function told(array $held): array
{
    if ($held === []) {
        return [];
    }
    [$client, $pull] = $held;
    $uses = [fn () => $client->stats(), fn () => $client->submit(order('inherited')), fn () => $client->flush(0),
        fn () => $pull->next(0)];
    $said = [];
    foreach ($uses as $use) {
        try {
            $use();
            $said[] = 'FLX_OK';
        } catch (FlxException $error) {
            $said[] = $error->name;
        }
    }
    return $said;
}

function child(array $held): void
{
    load();
    if (getenv('GUEST_WRONG')) {
        say(['who' => 'child', 'told' => [], ...wholeJob($held[0], 'child')]);
        return;
    }
    $told = told($held);
    say(['who' => 'child', 'told' => $told, ...wholeJob(client(), 'child')]);
}

function forkAt(string $moment): void
{
    $held = [];
    if ($moment !== 'before') {
        load();
    }
    if (!in_array($moment, ['before', 'loaded'], true)) {
        $client = client();
        $held = [$client, $client->pull('listings', ['cursor' => 'held', 'page_size' => 1])];
    }
    if ($moment === 'asked') {
        $held[1]->next(20_000);
        $held[0]->submit(order('before'));
    }
    $pid = pcntl_fork();
    if ($pid === 0) {
        child($held);
        exit(0); // whose end destroys what it inherited
    }
    load();
    say(['who' => 'parent', 'told' => [], ...wholeJob($held[0] ?? client(), 'parent')]);
    if ($held !== [] && count($held[1]->next(20_000)) !== 1) {
        exit(7); // the pull is not where it was
    }
    pcntl_waitpid($pid, $status);
    exit($status === 0 ? 0 : 6);
}

function attributes(string $path): void
{
    $witness = FFI::cdef('const char *witness(void);', $path);
    $stage = function (string $name) use ($witness): void {
        fwrite(STDOUT, "{\"stage\":\"$name\",\"seen\":" . $witness->witness() . "}\n");
    };
    $stage('before it is loaded');
    load();
    $stage('loaded');
    $client = client();
    $stage('opened');
    wholeJob($client, 'attributes');
    $stage('asked');
    $client->close();
    $stage('closed');
}

/** Each lies in a ring of its own, so that nothing but the collector takes it. */
function forget(string $sequence): void
{
    load();
    $watching = client();
    $mine = ['client' => client()];
    $mine['pull'] = $mine['client']->pull('listings', ['page_size' => 1]);
    $mine['page'] = $mine['pull']->next(20_000);
    $mine['sync'] = $mine['client']->openSync(['parts' => ['sync']]);
    $mine['sync']->next(20_000) ?? exit(7);
    $held = $watching->holders();
    $rings = array_map(fn (object $one): object => (object) ['one' => $one], $mine);
    unset($mine);
    foreach ($rings as $ring) {
        $ring->ring = $sequence === 'ring' ? (object) $rings : $ring;
    }
    unset($ring);
    if ($sequence === 'ring') {
        $rings = [];
    }
    foreach ($sequence === 'ring' ? [] : explode(',', $sequence) as $name) {
        unset($rings[$name]);
        gc_collect_cycles();
    }
    gc_collect_cycles();
    say(['held' => $held, 'left' => $watching->holders()]);
}

function weight(): int
{
    return (int) explode(' ', file_get_contents('/proc/self/statm'))[1] * 4096;
}

function pages(int $early, int $all): void
{
    load();
    $client = client();
    for ($seen = 0; $seen < $all;) {
        foreach ($client->pull('listings', ['page_size' => 1]) as $page) {
            if (in_array(++$seen, [$early, $all], true)) {
                say(['pages' => $seen, 'rss' => weight(), 'at' => hrtime(true) / 1e9]);
            }
            if ($seen === $all) {
                break;
            }
        }
        unset($page);
    }
}

match ($argv[1]) {
    'fork' => forkAt($argv[2]),
    'attributes' => attributes($argv[2]),
    'forget' => forget($argv[2]),
    'pages' => pages((int) $argv[2], (int) $argv[3]),
};
