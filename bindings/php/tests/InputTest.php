<?php

declare(strict_types=1);

namespace Flxchannel\Tests;

use Flxchannel\ArgumentException;
use Flxchannel\ClosedException;
use Flxchannel\ConfigException;
use Flxchannel\HubException;
use Flxchannel\Json;
use Flxchannel\JsonException;
use Flxchannel\LocalException;
use Flxchannel\OrderException;
use Flxchannel\TransportException;
use Flxchannel\UseException;
use Flxchannel\Utf8Exception;

return [
    'a token with a newline is refused, and shows nowhere; nor does a buyer' => function (Place $at): void {
        ini_set('zend.exception_ignore_args', '0');
        $client = $at->client();
        $refused = thrown(ConfigException::class, fn () => $at->client(['token' => "very-secret\n"]));
        same([-105, 'token'], [$refused->getCode(), $refused->path]);
        $others = [
            thrown(ArgumentException::class, fn () => $client->setToken("very-secret\n")),
            thrown(OrderException::class, fn () => $client->submit(['orderNumber' => 'A-1', 'note' => 'very-secret'])),
            thrown(ArgumentException::class, fn () => $client->submit(['note' => 'very-secret', 'x' => 0.5])),
            thrownKind(UseException::class, fn () => $client->call('updateOrderStatus', ['body' => 'very-secret'])),
        ];
        foreach ([$refused, ...$others] as $one) {
            $isOurs = fn (array $call): bool => preg_match('/^Flxchannel.[A-Z]\w+$/', $call['class'] ?? '') === 1;
            $ours = array_filter($one->getTrace(), $isOurs);
            holds(count($ours) > 1, 'there are calls of ours');
            $shown = print_r(array_column($ours, 'args'), true) . $one . json_encode($one->faults);
            same(false, str_contains($shown, 'very-secret'), 'it is shown');
        }
        same(false, str_contains(print_r($client, true), $at->token));
    },
    'a float is refused with its path, and its rule is named' => function (Place $at): void {
        $client = $at->client();
        $items = [['sku' => 'A', 'quantity' => 1, 'price' => '1'], ['sku' => 'B', 'quantity' => 1, 'price' => 19.99]];
        $refused = thrown(ArgumentException::class, fn () => $client->submit($at->order('A-1', ['orderItems' => $items])));
        same([-101, 'FLX_E_ARGUMENT', '/orderItems/1/price'], [$refused->getCode(), $refused->name, $refused->path]);
        holds(str_contains($refused->getMessage(), 'money is decimal text'), $refused->getMessage());
        same([], $client->outbox());
    },
    'an empty array stands for an empty object' => function (Place $at): void {
        $client = $at->client(['rate_limit' => []]);
        $client->submit($at->order('A-1', ['extra' => []]));
        same(false, $client->submit($at->order('A-1', ['extra' => new \stdClass()]))['new']);
        same(false, $client->pull('orders', [])->isDone());
        same([], $client->outbox(['state' => 'settled']));
        $client->openSync([])->close();
    },
    'bad orders are refused with their paths' => function (Place $at): void {
        $client = $at->client();
        $item = fn (array $changes): array => ['orderItems' => [[...['sku' => 'A', 'quantity' => 1, 'price' => '1'], ...$changes]]];
        $bad = [
            '/orderNumber' => ['orderNumber' => null], '/orderItems' => ['orderItems' => []],
            '/orderItems/0/price' => $item(['price' => '19,99']), '/orderItems/0/quantity' => $item(['quantity' => -1]),
            '/orderedAt' => ['orderedAt' => '2026-01-31T12:00:00'], '/shippingAddress' => ['shippingAddress' => []],
        ];
        foreach ($bad as $path => $changes) {
            $refused = thrown(OrderException::class, fn () => $client->submit($at->order('A-1', $changes)));
            holds(in_array($path, array_column($refused->faults, 'path'), true), "$path: {$refused->getMessage()}");
        }
        same([], $client->outbox());
    },
    'text that is no order, or no UTF-8, is refused' => function (Place $at): void {
        $client = $at->client();
        foreach (['', '{', '[]', 'null', '{"a":1}{', "\xff\xfe", str_repeat('[', 100_000)] as $text) {
            holds(thrownKind(UseException::class, fn () => $client->submit($text))->getMessage() !== '', 'it says why');
        }
        $refused = thrown(Utf8Exception::class, fn () => $client->submit($at->order('A-1', ['note' => "half of \xc3"])));
        same([-103, '/note'], [$refused->getCode(), $refused->path]);
        thrownKind(UseException::class, fn () => $client->history("A\0B"));
    },
    'an array that holds itself, and a closure, are refused' => function (Place $at): void {
        $client = $at->client();
        $order = $at->order('A-1');
        $order['extra'] = ['a' => &$order];
        same(-104, thrown(JsonException::class, fn () => $client->submit($order))->getCode());
        $unfit = $at->order('A-2', ['note' => fn () => 1]);
        same('/note', thrown(ArgumentException::class, fn () => $client->submit($unfit))->path);
        same('/note', thrown(ArgumentException::class, fn () => $client->submit([...$unfit, 'note' => NAN]))->path);
    },
    'numbers that C would cut are refused' => function (Place $at): void {
        $client = $at->client();
        foreach ([2 ** 31, -2 ** 31, PHP_INT_MAX, PHP_INT_MIN] as $number) {
            thrown(ArgumentException::class, fn () => $client->flush($number));
            thrown(ArgumentException::class, fn () => $client->pull('orders')->next($number));
        }
        thrown(ArgumentException::class, fn () => $client->results(-1));
        thrown(ArgumentException::class, fn () => $client->results(PHP_INT_MAX));
    },
    'a feed of a wrong name is refused with the nearest one' => function (Place $at): void {
        $refused = thrown(ArgumentException::class, fn () => $at->client()->pull('listing_to_sync'));
        holds(str_contains($refused->getMessage(), '"listings_to_sync"'), $refused->getMessage());
    },
    'config that cannot be right is refused, and makes nothing' => function (Place $at): void {
        $bad = [['channel' => '../up'], ['token' => ''], ['token' => false], ['origin' => null], ['origin' => 'http://example.com'],
            ['state' => ['wait_ms' => 'soon']], ['chanel' => 'a'], ['channel' => ['a']]];
        foreach ($bad as $changes) {
            thrown(ConfigException::class, fn () => $at->client($changes));
        }
        same(false, file_exists("$at->folder/state"));
        thrownKind(LocalException::class, fn () => $at->client(['state_dir' => "$at->folder/no/such"]));
    },
    'whatever is used after it was closed says so' => function (Place $at): void {
        $client = $at->client();
        $pull = $client->pull('listings');
        $page = $pull->next(5000);
        $round = $client->openSync();
        foreach ([$page, $pull, $round, $client] as $object) {
            $object->close();
            $object->close();
            holds($object->isClosed(), $object::class);
        }
        $uses = [fn () => $page->records(), fn () => $pull->next(0), fn () => iterator_to_array($pull), fn () => $client->stats(),
            fn () => $client->flush(0), fn () => $client->pull('orders'), fn () => $round->next(0), fn () => $client->sync([])];
        foreach ($uses as $use) {
            same([-102, 'FLX_E_HANDLE'], [($closed = thrown(ClosedException::class, $use))->getCode(), $closed->name]);
        }
    },
    'a pull of a closed client says so' => function (Place $at): void {
        $client = $at->client();
        $pull = $client->pull('listings');
        $client->close();
        same(-102, thrownKind(UseException::class, fn () => $pull->next(1000))->getCode());
    },
    'an object of the library is neither copied nor stored' => function (Place $at): void {
        $client = $at->client();
        thrown(\Error::class, fn () => clone $client);
        thrown(UseException::class, fn () => serialize($client));
        thrownKind(\Throwable::class, fn () => serialize((fn () => $this->handle())->call($client)));
    },
    'a wrong token is the hub\'s no, with its status' => function (Place $at): void {
        $client = $at->client(['token' => 'not-the-token', 'pull.give_up_ms' => 1000]);
        $refused = thrownKind(HubException::class, fn () => iterator_to_array($client->pull('orders')));
        same(['FLX_E_TOKEN', 401], [$refused->name, $refused->httpStatus]);
    },
    'a hub that is not there is an exception in time' => function (Place $at): void {
        $client = $at->client(['origin' => 'http://127.0.0.1:1', 'channel' => 'other', 'pull.give_up_ms' => 1000]);
        $failed = thrownKind(\Flxchannel\FlxException::class, fn () => iterator_to_array($client->pull('orders')));
        holds($failed instanceof TransportException || $failed instanceof HubException, $failed->getMessage());
        holds($failed->retryable, 'it may be tried again');
    },
    'a page of rows that cannot be read sets them aside' => function (Place $at): void {
        $set = ['[0].price' => '"19,99"'];
        $at->asked('faults', ['do' => 'mutate', 'path' => '/listing/variants', 'times' => 0, 'set' => $set]);
        $page = $at->client()->pull('listings')->next(5000);
        same(['/price'], array_column($page->quarantine(), 'path'));
        holds(count($page) > 0, 'its neighbours go on');
    },
];
