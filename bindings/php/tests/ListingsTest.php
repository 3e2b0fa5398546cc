<?php

declare(strict_types=1);

namespace Flxchannel\Tests;

use Flxchannel\AnswerException;
use Flxchannel\ArgumentException;
use Flxchannel\Client;
use Flxchannel\Feed;
use Flxchannel\NotFoundException;
use Flxchannel\Page;
use Flxchannel\UseException;

/** Answers to variants or parents that the shop has stored. */
function answers(iterable $records): array
{
    $confirm = function (array $listing): array {
        $change = $listing['changeToListingStatus'] ?? $listing['parent']['changeToListingStatus'] ?? null;
        return $change ? ['confirm' => $change['handle']] : [];
    };
    $answers = [];
    foreach ($records as $record) {
        $one = fn (array $variant): array => ['id' => $variant['id'], ...$confirm($variant)];
        $variants = array_map($one, $record['variants'] ?? []);
        $answers[] = ['id' => $record['id'], ...$confirm($record), ...($variants ? ['variants' => $variants] : [])];
    }
    return $answers;
}

/** Answers all of a queue. */
function work(Client $client, string $feed): int
{
    $count = 0;
    foreach ($client->pull($feed) as $page) {
        $client->ack($page->receipt(), answers($page));
        $count += count($page);
    }
    return $count;
}

return [
    'publish and sync queues are answered to the end' => function (Place $at): void {
        $client = $at->client();
        $published = work($client, 'listings_to_publish');
        $synced = work($client, 'listings_to_sync');
        same(0, $client->flush(10_000)->outcome);

        holds($published > 0 && $synced > 0, 'there was something to do');
        $totals = $at->asked('totals');
        same([0, 0], [$totals['waiting_for_publish'], $totals['waiting_for_sync']], 'what waits');
        $verdicts = array_column($client->ackResults(0, 1000), 'verdict');
        same(['applied'], array_values(array_unique($verdicts)));
        same($published + $synced, count($verdicts));
    },
    'a queued change that is not confirmed is refused with its path, and nothing is stored' => function (Place $at): void {
        $client = $at->client();
        $sku = $at->sku();
        $at->asked('listings', ['sku' => $sku, 'status' => 'hidden']);
        foreach ($client->pull(Feed::ListingsToSync) as $page) {
            $answers = array_map(fn (array $record): array => ['id' => $record['id']], $page->records());
            $refused = thrown(AnswerException::class, fn () => $client->ack($page->receipt(), $answers));
            same(-107, $refused->getCode());
            same('FLX_E_ANSWER', $refused->name);
            same(1, preg_match('~^/\d+/confirm$~', $refused->faults[0]['path']));
            break;
        }
        same([], $client->ackResults(0, 10));
        same(0, $at->asked('totals')['answers']);
    },
    'an error of a record reaches the hub' => function (Place $at): void {
        $client = $at->client();
        foreach ($client->pull('listings_to_sync') as $page) {
            $id = $page->records()[0]['id'];
            $client->ack($page->receipt(), [['id' => $id, 'error' => 'no such size: ä']]);
            break;
        }
        $client->flush(5000);
        same('no such size: ä', $at->asked('answers')[0]['error']);
    },
    'a committed page does not come again, and one that is not does' => function (Place $at): void {
        $client = $at->client();
        $first = $second = 0;
        foreach ($client->pull('listings', ['page_size' => 3]) as $number => $page) {
            $number === 0 ? $page->commit() : null;
            $first += count($page);
        }
        foreach ($client->pull('listings', ['page_size' => 3]) as $page) {
            $second += count($page);
        }
        same($first - 3, $second);
    },
    'every feed has pages or an end' => function (Place $at): void {
        $client = $at->client();
        foreach (Feed::cases() as $feed) {
            $pull = $client->pull($feed);
            foreach ($pull as $page) {
                same([$feed, [], 0], [$page->feed(), $page->quarantine(), $page->leftOut()]);
                same(count($page), count($page->records()));
            }
            holds($pull->isDone(), $feed->text());
            same(null, $pull->next(0));
            $pull->close();
        }
    },
    'a parcel has its kind and its order number' => function (Place $at): void {
        $client = $at->client();
        array_map(fn (string $number) => $client->submit($at->order($number)), ['P-1', 'P-2']);
        $client->flush(5000);
        $at->asked('ship', ['order_number' => 'P-1', 'tracking_number' => 'T1']);
        $at->asked('ship', ['order_number' => 'P-2', 'tracking_number' => 'T2', 'suppressed' => true]);
        $seen = [];
        foreach ($client->pull('shipments') as $page) {
            foreach ($page->shipments() as $parcel) {
                $seen[$parcel['record']['trackingNumber']] = [$parcel['order_number'], $parcel['kind']->text()];
            }
            $page->commit();
        }
        same(['T1' => ['P-1', 'delivery'], 'T2' => ['P-2', 'suppressed']], array_intersect_key($seen, ['T1' => 1, 'T2' => 1]));
        foreach ($client->pull('orders') as $page) {
            thrown(UseException::class, fn () => $page->shipments());
        }
    },
    'a value of a record is told by its pointer' => function (Place $at): void {
        $client = $at->client();
        $page = $client->pull('listings')->next(5000);
        $record = $page->records()[1];
        same($record['sku'], $page->get(1, '/sku'));
        same($record, \Flxchannel\Json::exact($page->recordJson(1)));
        same(-113, thrown(NotFoundException::class, fn () => $page->get(1, '/nothing'))->getCode());
        same(-101, thrown(ArgumentException::class, fn () => $page->recordJson(100_000))->getCode());
        thrown(ArgumentException::class, fn () => $page->recordJson(-1));
    },
    'a page is of use after its pull, but for a commit' => function (Place $at): void {
        $client = $at->client();
        $page = $client->pull('listings')->next(5000);
        holds(count($page) > 0 && $page->receipt() !== '', 'it can be read');
        thrown(UseException::class, fn () => $page->commit());
    },
    'a cursor is told and set' => function (Place $at): void {
        $client = $at->client();
        $client->setCursor('orders', new \DateTimeImmutable('2026-01-31T12:00:00+01:00'));
        same(['orders', '2026-01-31T11:00:00Z'], [$client->cursors()[0]['feed'], substr($client->cursors()[0]['at'], 0, 19) . 'Z']);
        thrown(UseException::class, fn () => $client->setCursor('listings_to_sync', ''));
    },
    'a listing is told as it was seen last' => function (Place $at): void {
        $client = $at->client(['snapshots.keep_days' => 7]);
        thrown(NotFoundException::class, fn () => $client->snapshot(['sku' => 'nowhere']));
        foreach ($client->pull('listings') as $page) {
            $page->commit();
            $seen = $page->records()[0];
        }
        $listing = $client->snapshot(['id' => $seen['id']]);
        same([(string) $seen['id'], $seen['price']], [$listing['id'], $listing['record']['price']]);
        holds(is_string($seen['price']), 'money is text');
    },
    'pages within a time end with it' => function (Place $at): void {
        $at->asked('faults', ['do' => 'delay', 'ms' => 60_000, 'times' => 0]);
        $pull = $at->client()->pull('orders');
        same([], iterator_to_array($pull->pages(300)));
        same(false, $pull->isDone());
    },
];
