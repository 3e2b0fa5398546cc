<?php

declare(strict_types=1);

namespace Flxchannel\Tests;

use Flxchannel\Client;
use Flxchannel\ClientBusyException;
use Flxchannel\ForkedException;
use Flxchannel\Library;

return [
    'a pull holds its feed, and its destructor lets it go' => function (Place $at): void {
        $client = $at->client();
        $pull = $client->pull('listings_to_sync');
        $page = $pull->next(5000);
        same(false, $at->feedIsFree('listings_to_sync'));
        $busy = thrown(ClientBusyException::class, fn () => $client->pull('listings_to_sync'));
        holds(str_contains($busy->getMessage(), (string) getmypid()), $busy->getMessage());
        unset($pull);
        holds($at->feedIsFree('listings_to_sync'), 'although the page is still there');
        holds(count($page) > 0, 'which can be read');
    },
    'an iterator left half way lets its feed go' => function (Place $at): void {
        $client = $at->client();
        foreach ($client->pull('listings_to_sync') as $page) {
            break;
        }
        holds($at->feedIsFree('listings_to_sync'), 'after a break');
        try {
            foreach ($client->pull('listings_to_sync') as $page) {
                throw new \DomainException('the shop is full');
            }
        } catch (\DomainException $full) {
            holds($at->feedIsFree('listings_to_sync'), 'after an exception');
        }
        $pages = $client->pull('listings_to_sync')->getIterator();
        $pages->current();
        same(false, $at->feedIsFree('listings_to_sync'));
        unset($pages);
        holds($at->feedIsFree('listings_to_sync'), 'after its iterator is gone');
    },
    'a client that nothing refers to is closed with its pulls' => function (Place $at): void {
        $client = $at->client();
        $pull = $client->pull('listings_to_sync');
        unset($client);
        holds(count($pull->next(5000)) > 0, 'a pull keeps its client');
        unset($pull);
        $holders = $at->client()->holders();
        same([], $holders);
    },
    'the log handler is told what happens, level by level' => function (Place $at): void {
        $told = [];
        $client = $at->client(['log.level' => 'debug'], function (array $record) use (&$told): void {
            $told[] = $record;
        });
        $client->submit($at->order('A-1'));
        $client->flush(5000);
        $events = array_column($told, 'event');
        same([], array_diff(['client.opened', 'order.posted'], $events));
        same([], $client->logs());
        same(false, str_contains(json_encode($told), $at->token));
        same(false, str_contains(json_encode($told), 'Ada'));
    },
    'without a handler the records are kept' => function (Place $at): void {
        same('client.opened', $at->client()->logs()[0]['event']);
    },
    'a log handler that throws, uses its client or closes it does no harm' => function (Place $at): void {
        ini_set('error_log', "$at->folder/log");
        [$client, $calls, $late] = [null, 0, $at->order('L')];
        $client = $at->client([], function (array $record) use (&$client, &$calls, $late): void {
            // Each makes a record of its own, and then something is wrong.
            $calls++ < 500 && $client?->submit(['orderNumber' => "L-$calls"] + $late);
            $client?->submit([]);
        });
        for ($round = 0; $round < 5; $round++) {
            $client->submit($at->order("A-$round"));
        }
        same(5, count(array_filter($client->outbox(), fn (array $one): bool => $one['number'][0] === 'A')));
        holds($calls > 5 && $calls < 50, "$calls calls");
        same(1, preg_match('/the log handler threw Flxchannel.OrderException in /', file_get_contents("$at->folder/log")));

        $closing = $at->client(['channel' => 'other', 'log.level' => 'debug'], function () use (&$closing): void {
            $closing?->close();
        });
        $closing->stats();
        $closing->submit($at->order('A-2'));
        holds($closing->isClosed(), 'it closed its client');
    },
    'a child of a fork answers ForkedException, and takes nothing from its parent' => function (Place $at): void {
        $client = $at->client();
        $pull = $client->pull('listings_to_sync');
        $page = $pull->next(5000);
        $child = pcntl_fork();
        if ($child === 0) {
            $seen = 0;
            foreach ([fn () => $client->stats(), fn () => $pull->next(0), fn () => $client->submit($at->order('A-9'))] as $use) {
                try {
                    $use();
                } catch (ForkedException $forked) {
                    $seen += $forked->getCode() === -208 ? 1 : 0;
                }
            }
            $pull->close();
            $client->close();
            $own = $at->client();
            $own->submit($at->order('A-1'));
            exit($seen === 3 && count($page) > 0 && $own->flush(5000)->applied === 1 ? 7 : 1);
        }
        pcntl_waitpid($child, $status);
        same(7, pcntl_wexitstatus($status), 'the child');
        same(false, $at->feedIsFree('listings_to_sync'));
        $client->ack($page->receipt(), answers($page));
        same(['A-1'], array_column($client->outbox(), 'number'));
    },
    'memory stays flat over many pages and errors' => function (Place $at): void {
        $at->asked('reset', ['seed' => 'variants=400', 'keep_switches' => true]);
        $client = $at->client(['log.level' => 'debug'], function (): void {
        });
        $round = function () use ($client): void {
            $client->setCursor('listings', '');
            $pages = 0;
            foreach ($client->pull('listings', ['page_size' => 10]) as $page) {
                $page->records();
                $page->receipt();
                $pages++;
            }
            holds($pages >= 40, "$pages pages");
            for ($n = 0; $n < 1000; $n++) {
                try {
                    $client->submit(['orderNumber' => "A-$n"]);
                } catch (\Flxchannel\OrderException) {
                    $n % 5 ?: Library::describe('config');
                }
            }
        };
        $resident = fn (): int => (int) explode(' ', file_get_contents('/proc/self/statm'))[1] * 4;
        $round();
        $round();
        [$php, $all] = [memory_get_usage(), $resident()];
        for ($n = 0; $n < 4; $n++) {
            $round();
        }
        holds(memory_get_usage() - $php < 20_000, memory_get_usage() - $php . ' bytes more in PHP');
        holds($resident() - $all < 2_000, $resident() - $all . ' kB more in all');
    },
];
