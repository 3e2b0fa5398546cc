<?php

declare(strict_types=1);

namespace Flxchannel\Tests;

use Flxchannel\Codes;
use Flxchannel\ConflictException;
use Flxchannel\Library;
use Flxchannel\NotFoundException;
use Flxchannel\OperationException;
use Flxchannel\PossiblyAppliedException;
use Flxchannel\RefusedException;
use Flxchannel\Slices;
use Flxchannel\UseException;
use Flxchannel\Verdict;

return [
    'an order takes effect once, and its result stays until it is settled' => function (Place $at): void {
        $client = $at->client();
        same(true, $client->submit($at->order('A-1'))['new']);
        same(false, $client->submit($at->order('A-1'))['new']);
        $report = $client->flush(5000);
        same([Codes::OK, 1, 1, null], [$report->outcome, $report->sent, $report->applied, $report->waitsFor]);
        $client->submit($at->order('A-1'));
        same(0, $client->flush(5000)->sent);

        same(1, $at->asked('totals')['order_posts']);
        same([['A-1', 'applied']], array_map(fn (array $one): array => [$one['number'], $one['verdict']], $client->results(10)));
        same('applied', $client->history('A-1')['verdict']);
        $client->settle('A-1');
        same([], $client->results(10));
        same('settled', $client->outbox()[0]['state']);
        same(1, $client->purge(['numbers' => ['A-1']])['purged']);
    },
    'an order whose answer was lost is looked up and not sent again' => function (Place $at): void {
        $client = $at->client();
        $client->submit($at->order('A-1'));
        $at->asked('cut', ['order_number' => 'A-1', 'when' => 'after', 'times' => 1]);
        for ($slice = 0; $slice < 10 && $client->results(1) === []; $slice++) {
            $client->flush(5000);
        }
        same('applied', $client->results(1)[0]['verdict']);
        same(1, $at->asked('totals')['order_posts']);
    },
    'other content under the number of a sent order is a conflict' => function (Place $at): void {
        $client = $at->client();
        $client->submit($at->order('A-1'));
        $client->flush(5000);
        $conflict = thrown(ConflictException::class, fn () => $client->submit($at->order('A-1', ['shippingText' => 'Express'])));
        same([-109, 'FLX_E_CONFLICT', '/shippingText'], [$conflict->getCode(), $conflict->name, $conflict->faults[0]['path']]);
    },
    'a check tells faults and warnings' => function (Place $at): void {
        $report = Library::orderCheck($at->order('A-1', ['orderTotal' => '-1', 'orderItems' => []]));
        same([false, '/orderItems', '/orderTotal'], [$report['ok'], $report['faults'][0]['path'], $report['warnings'][0]['path']]);
        same(true, Library::orderCheck(json_encode($at->order('A-2')))['ok']);
    },
    'an order is read, refused, retried, canceled and discarded' => function (Place $at): void {
        $client = $at->client();
        $at->asked('refuse', ['order_number' => 'A-2', 'times' => 1]);
        array_map(fn (string $number) => $client->submit($at->order($number)), ['A-1', 'A-2']);
        $client->flush(5000);

        $page = $client->orderStatus('A-1', 5000);
        same([1, 'A-1'], [count($page), $page->records()[0]['orderNumber']]);
        same('refused', $client->outbox(['number' => 'A-2'])[0]['verdict']);
        $client->retry('A-2');
        $client->flush(5000);
        same('applied', $client->outbox(['number' => 'A-2'])[0]['verdict']);
        $client->submit($at->order('A-3'));
        same('not_sent', $client->cancelOrder('A-3')['outcome']);
        $client->submit($at->order('A-4'));
        $client->discard('A-4');
        same('not_applied', $client->outbox(['number' => 'A-4'])[0]['verdict']);
        thrown(UseException::class, fn () => $client->discard('A-1'));
        thrown(NotFoundException::class, fn () => $client->settle('A-9'));
        thrown(NotFoundException::class, fn () => $client->orderStatus('A-9', 1000));
    },
    'an operation is called by its id, and a refused one says what the hub said' => function (Place $at): void {
        $client = $at->client();
        $client->submit($at->order('A-1'));
        $client->flush(5000);
        $id = $client->results(1)[0]['order_id'];
        same(200, $client->call('getOrderById', ['id' => $id])['status']);
        same(-112, thrown(OperationException::class, fn () => $client->call('getOrders2'))->getCode());
        $at->asked('faults', ['do' => 'refuse', 'error' => 'not for you', 'method' => 'PATCH', 'times' => 1]);
        $arguments = ['id' => $id, 'status' => 'Canceled'];
        $refused = thrown(RefusedException::class, fn () => $client->call('updateOrderStatus', $arguments));
        same([422, Verdict::Refused, 'not for you'], [$refused->httpStatus, $refused->verdict, $refused->hubSaid]);
    },
    'a write whose answer is lost is possibly applied, whatever its code' => function (Place $at): void {
        $client = $at->client();
        $client->submit($at->order('A-1'));
        $client->flush(5000);
        $id = $client->results(1)[0]['order_id'];
        $at->asked('faults', ['do' => 'cut_after', 'method' => 'PATCH', 'times' => 0]);
        $at->asked('faults', ['do' => 'cut_after', 'method' => 'PUT', 'times' => 0]);
        $arguments = ['id' => $id, 'status' => 'Canceled'];
        $lost = thrown(PossiblyAppliedException::class, fn () => $client->call('updateOrderStatus', $arguments, 3000));
        same([Verdict::PossiblyApplied, true], [$lost->verdict, $lost->getCode() < 0]);
    },
    'a preview shows what would leave, and sends nothing' => function (Place $at): void {
        $client = $at->client();
        $client->submit($at->order('A-1'));
        $request = $client->preview()[0];
        same(['createOrder', '19.99'], [$request['operation'], $request['body']['orderItems'][0]['price']]);
        same('updateOrderStatus', $client->preview('updateOrderStatus', ['id' => 1, 'status' => 'Open'])[0]['operation']);
        same(0, $at->asked('totals')['order_posts']);
    },
    'a flush with a hub that is gone ends, and says why' => function (Place $at): void {
        $client = $at->client(['origin' => 'http://127.0.0.1:1', 'channel' => 'other']);
        $client->submit($at->order('A-1'));
        for ($slice = 0; $slice < 50 && ($report = $client->flush(2500))->outcome === Codes::AGAIN; $slice++) {
        }
        holds($slice < 50, 'it ends');
        holds($report->nextInMs > 0 && $report->waitsFor !== null, "it waits for $report->waitsFor");
        same(['orders' => 1, 'answers' => 0], $report->json['waiting']);
    },
    'a flush goes on with what has its time within its budget, and asks on for a slot beyond it' => function (): void {
        $cases = [
            ['', -1, null], ['time', 0, 1], ['time', 300, 300], ['time', 60_000, null], ['throttled', 60_000, null],
            ['hub', 25, 25], ['rate_limit', 300, 1], ['rate_limit', 60_000, 1],
        ];
        foreach ($cases as [$waitsFor, $due, $rest]) {
            $report = ['waits_for' => $waitsFor, 'next_in_ms' => $due];
            $of = fn (int $ms): ?int => (new Slices($ms))->restAfter($report);
            same([$rest, null], [$of(5000), $of(0)], "$waitsFor, $due ms");
        }
    },
    'a probe and the statistics tell of the channel' => function (Place $at): void {
        $client = $at->client();
        same([true, 'accepted'], [($report = $client->probe())['reachable'], $report['token']]);
        same($at->url, $client->stats()['origin']);
        $client->relearn('clock', 'hold');
        $client->relearn();
        $pull = $client->pull('orders');
        same(['orders', 'pull', getmypid()], [($holder = $client->holders()[0])['feed'], $holder['by'], $holder['pid']]);
        same(Library::describe('build')['version'], Library::version());
        same('channel', Library::describe('config')[0]['key'] ?? Library::describe('config')[0]['name']);
    },
];
