<?php

declare(strict_types=1);

namespace Flxchannel;

/**
 * One round of all the work of a channel, event by event; `Client::sync` runs a whole one with handlers.
 *
 *     $sync = $client->openSync(['budget_ms' => 20_000]);
 *     foreach ($sync as $event) {
 *         $sync->reply($event, store($event));
 *     }
 *     print_r($sync->summary());
 *
 * The types of events and what a reply may be stand in the header, section Sync. An event that has no reply by the end comes
 * again in a later round.
 *
 * @implements \IteratorAggregate<int, array>
 */
final class Sync extends Handle implements \IteratorAggregate
{
    protected const NOUN = 'round';
    protected const CLOSE = 'syncClose';

    /** Types of event, and the part of a round that they are of. */
    private const PARTS = ['result' => 'results', 'publish' => 'publish', 'sync' => 'sync', 'order' => 'orders',
        'shipment' => 'shipments', 'return' => 'returns', 'gone' => 'gone'];

    /** Further types that a handler may be given for. */
    private const OTHERS = ['change', 'other_parcel', 'progress'];

    private ?array $summary = null;

    /** Status and JSON that came and were not yet taken, also because a signal handler threw meanwhile. */
    private ?array $came = null;

    /** @internal */
    public function __construct(Backend $backend, object $handle, private readonly Client $client)
    {
        parent::__construct($backend, $handle);
    }

    /** What was done, what not and why; null until the round is over. */
    public function summary(): ?array
    {
        return $this->summary;
    }

    /**
     * The next event; null if none came in time, if events wait for their replies, or at the end, where there is a summary.
     * Without `$waitMs` it waits for as long as it takes.
     */
    public function next(?int $waitMs = null): ?array
    {
        $slices = new Slices($waitMs);
        while ($this->summary === null) {
            $this->came === null && $this->askInto($this->came, 'syncNext', $slices->stayMs());
            [$status, $json] = $this->came;
            $event = $json === null ? null : Json::exact($json);
            $this->summary = $status === Codes::DONE ? $event : null;
            $isOver = $status !== Codes::AGAIN || $slices->leftMs() === 0;
            $this->came = null;
            if ($isOver) {
                return $this->summary === null ? $event : null;
            }
        }
        return null;
    }

    /** Event after event. It ends with the round, or when all events that are left wait for their replies. */
    public function getIterator(): \Generator
    {
        while (($event = $this->next()) !== null) {
            yield $event;
        }
    }

    /** Says what came of an event: true, false or an array. A wrong reply is an error with its path, and may be given again. */
    public function reply(#[\SensitiveParameter] array $event, #[\SensitiveParameter] mixed $reply): void
    {
        $number = $event['event'] ?? throw ArgumentException::because('this event wants no reply', 'event');
        $this->ask('syncReply', $number, Json::value($reply));
    }

    /** Takes every event to the handler of its type, to the end; returns the summary. */
    public function run(array $handlers): array
    {
        foreach ($this as $event) {
            $handler = $handlers[$event['type']] ?? null;
            $reply = match (true) {
                $handler !== null => self::said($handler, $event),
                // of no interest to a shop that has no handler for it
                $event['type'] === 'other_parcel' => true,
                default => ['later' => 'there is no handler for it'],
            };
            if (isset($event['event'])) {
                $this->say($event, $reply);
            }
        }
        return $this->summary ?? [];
    }

    /** The plan with the parts that there are handlers for, unless it names its own. */
    public static function planFor(array $handlers, array $plan): array
    {
        $types = [...array_keys(self::PARTS), ...self::OTHERS];
        foreach ($handlers as $type => $handler) {
            if (!in_array($type, $types, true) || !is_callable($handler)) {
                $known = implode(', ', $types);
                throw ArgumentException::because("\"$type\" is no type of event with a callable; there are $known", 'handlers');
            }
        }
        foreach (self::PARTS as $type => $part) {
            if (in_array($part, $plan['parts'] ?? [], true) && !isset($handlers[$type])) {
                throw ArgumentException::because("the plan has the part \"$part\" and no handler for \"$type\"", 'handlers');
            }
        }
        if (!isset($handlers['change']) && (isset($handlers['publish']) || isset($handlers['sync']))) {
            throw ArgumentException::because('one for "change" is missing: a listing that comes may have to be hidden', 'handlers');
        }
        return $plan + ['parts' => array_values(array_intersect_key(self::PARTS, $handlers))];
    }

    protected function afterwards(): void
    {
        $this->client->afterwards();
    }

    /** What a handler says. One that throws says nothing of the event, which comes again; the others go on. */
    private static function said(callable $handler, array $event): mixed
    {
        try {
            $said = $handler($event);
        } catch (\Throwable $thrown) {
            $what = $thrown::class . ": {$thrown->getMessage()} in {$thrown->getFile()}:{$thrown->getLine()}";
            error_log("flxchannel: the handler of a {$event['type']} event threw $what");
            return ['later' => 'the handler failed with ' . $thrown::class];
        }
        if ($said === null && $event['type'] === 'change') {
            return ['later' => 'the handler returned nothing; return true once the change was carried out'];
        }
        return $said ?? true;
    }

    private function say(array $event, mixed $reply): void
    {
        try {
            if (!is_bool($reply) && !is_array($reply) && !$reply instanceof \stdClass) {
                $kind = get_debug_type($reply);
                throw ArgumentException::because("a handler returns true, false, an array or nothing, not $kind", 'reply');
            }
            $json = Json::value($reply);
        } catch (\Throwable $refused) { // also by the host's own code, such as a jsonSerialize()
            $this->refused($event, $refused);
            return;
        }
        try {
            $this->ask('syncReply', $event['event'], $json); // what a signal handler throws here is of no reply
        } catch (UseException $refused) {
            $this->refused($event, $refused);
        }
    }

    private function refused(array $event, \Throwable $refused): void
    {
        error_log("flxchannel: the reply to a {$event['type']} event was refused: {$refused->getMessage()}");
        // What the host's own code throws is for the host alone.
        $why = $refused instanceof UseException ? $refused->getMessage() : 'it has no form in JSON';
        preg_match('/^.{0,400}/su', $why, $start); // of at most 2,000 bytes
        $this->reply($event, ['later' => 'the reply was refused: ' . ($start[0] ?? '')]);
    }
}
