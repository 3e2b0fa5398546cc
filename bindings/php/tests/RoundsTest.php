<?php

declare(strict_types=1);

namespace Flxchannel\Tests;

use Flxchannel\AnswerException;
use Flxchannel\ArgumentException;

return [
    'a round does all that there is to do' => function (Place $at): void {
        $client = $at->client();
        $client->submit($at->order('A-1'));
        $told = [];
        $note = function (array $event) use (&$told): bool {
            $told[$event['type']] = ($told[$event['type']] ?? 0) + 1;
            return true;
        };
        $publish = function (array $event) use ($note): array {
            $note($event);
            return ['externalId' => "page-{$event['id']}"];
        };
        $handlers = ['publish' => $publish] + array_fill_keys(['sync', 'change', 'result', 'order', 'shipment', 'return'], $note);
        $client->sync($handlers, ['budget_ms' => 20_000]);
        $at->asked('ship', ['order_number' => 'A-1']);
        $summary = $client->sync($handlers, ['budget_ms' => 20_000]);

        holds($summary['complete'], json_encode($summary));
        $totals = $at->asked('totals');
        same([0, 0, 1], [$totals['waiting_for_publish'], $totals['waiting_for_sync'], $totals['order_posts']]);
        same([], array_diff(['publish', 'sync', 'result', 'order', 'shipment'], array_keys($told)));
    },
    'money in an event is text' => function (Place $at): void {
        $prices = [];
        $at->client()->sync(['change' => fn () => true, 'sync' => function (array $event) use (&$prices): void {
            $prices[] = $event['record']['price'];
        }]);
        same(true, $prices !== [] && array_filter($prices, is_string(...)) === $prices);
    },
    'a handler that throws holds its event back, and the others go on' => function (Place $at): void {
        ini_set('error_log', "$at->folder/log");
        $first = null;
        $sync = function (array $event) use (&$first): bool {
            $first ??= $event['id'];
            return $event['id'] !== $first ? true : throw new \DomainException('no room');
        };
        $summary = $at->client()->sync(['sync' => $sync, 'change' => fn () => true]);
        same([1, 'done'], [$summary['parts']['sync']['later'], $summary['parts']['sync']['end']]);
        same(1, $at->asked('totals')['waiting_for_sync']);
        same(1, preg_match('/handler of a sync event threw DomainException: no room in /', file_get_contents("$at->folder/log")));
    },
    'a change whose handler returns nothing is not confirmed' => function (Place $at): void {
        $at->asked('listings', ['sku' => $at->sku(), 'status' => 'hidden']);
        $client = $at->client();
        $client->sync(['sync' => fn () => true, 'change' => function (): void {
        }]);
        same(1, $at->asked('totals')['waiting_for_sync']);
        $confirming = ['sync' => fn () => true, 'change' => fn (array $event): bool => $event['to'] === 'hidden'];
        // What changed while it was fetched is not answered: it comes again.
        for ($rounds = 0; $client->sync($confirming)['parts']['sync']['later'] > 0 && $rounds < 50; $rounds++) {
            usleep(200_000);
        }
        same(0, $at->asked('totals')['waiting_for_sync']);
    },
    'a reply that is refused holds its event back' => function (Place $at): void {
        ini_set('error_log', "$at->folder/log");
        $summary = $at->client()->sync(['sync' => fn () => ['nonsense' => 1], 'change' => fn () => true]);
        same([0, true], [$summary['parts']['sync']['done'], $summary['parts']['sync']['later'] > 0]);
    },
    'whatever a handler returns that is no reply holds its event back, and the others go on' => function (Place $at): void {
        ini_set('error_log', "$at->folder/log");
        $thrower = fn (string $what): object => new class ($what) implements \JsonSerializable {
            public function __construct(private string $what)
            {
            }
            public function jsonSerialize(): mixed
            {
                return $this->what === 'itself' ? $this : throw new \DomainException('Ada Example');
            }
        };
        $nothing = new class () implements \JsonSerializable {
            public function jsonSerialize(): array
            {
                return [];
            }
        };
        $client = $at->client();
        $wrong = [['status' => 0.5], 0, 1, '', 'true', 1.5, [1], "\xff", ['error' => "\xff"], [str_repeat('é', 1500) => 1],
            fn () => true, new \ArrayObject(), new \DateTimeImmutable(), $nothing, $thrower(''), ['status' => $thrower('')],
            ['status' => $thrower('itself')]];
        foreach ($wrong as $n => $reply) {
            $first = null;
            $sync = function (array $event) use (&$first, $reply): mixed {
                $first ??= $event['id'];
                return $event['id'] === $first ? $reply : false;
            };
            $part = $client->sync(['sync' => $sync, 'change' => fn () => true])['parts']['sync'];
            same([0, 'done'], [$part['done'], $part['end']], "reply $n");
            same(false, str_contains(json_encode($part), 'Ada'), "reply $n");
        }
    },
    'events are taken one by one, and a wrong reply may be given again' => function (Place $at): void {
        $client = $at->client();
        $round = $client->openSync(['parts' => ['sync', 'orders']]);
        $count = 0;
        foreach ($round as $event) {
            if ($count++ === 0) {
                thrown(AnswerException::class, fn () => $round->reply($event, ['nonsense' => 1]));
            }
            $round->reply($event, true);
        }
        holds($count > 0 && $round->summary()['parts']['sync']['end'] === 'done', json_encode($round->summary()));
        same(null, $round->next());
    },
    'handlers that cannot be right are refused before anything is asked' => function (Place $at): void {
        $client = $at->client();
        thrown(ArgumentException::class, fn () => $client->sync(['synch' => fn () => true]));
        thrown(ArgumentException::class, fn () => $client->sync(['sync' => fn () => true]));
        thrown(ArgumentException::class, fn () => $client->sync(['order' => 'no_such_function']));
        thrown(ArgumentException::class, fn () => $client->sync(['order' => fn () => true], ['parts' => ['returns']]));
        same(0, $at->asked('totals')['requests']);
    },
    'a round that is left half way comes again' => function (Place $at): void {
        $client = $at->client();
        foreach ($client->openSync(['parts' => ['sync']]) as $event) {
            break;
        }
        holds($at->feedIsFree('listings_to_sync'), 'its feed is free');
        $again = $client->openSync(['parts' => ['sync']])->next();
        same($event['id'], $again['id']);
    },
];
