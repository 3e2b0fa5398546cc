<?php

/* Plays steps with the PHP package: a step a line on standard input, what came of it a line on standard output. */

declare(strict_types=1);

use Flxchannel\Client;
use Flxchannel\Codes;
use Flxchannel\FlxException;
use Flxchannel\Library;
use Flxchannel\Page;
use Flxchannel\Pull;

require __DIR__ . '/../../../bindings/php/autoload.php';

/** What a shop throws in the middle of a walk. */
final class Dropped extends Exception
{
}

final class Host
{
    private ?Client $client = null;
    private ?Pull $pull = null;
    private ?Page $page = null;

    public function done(array $step): array
    {
        try {
            $name = lcfirst(str_replace('_', '', ucwords($step['do'], '_')));
            return ['gave' => $this->$name(...array_values($step['with'] ?? []))];
        } catch (FlxException $error) {
            $message = $error->getMessage();
            $name = "$error->name: ";
            $message = str_starts_with($message, $name) ? substr($message, strlen($name)) : $message;
            $place = " [$error->path]";
            $message = $error->path !== '' && str_ends_with($message, $place) ? substr($message, 0, -strlen($place)) : $message;
            $class = preg_replace('/^.*\\\\(\w+)Exception$/', '$1Error', $error::class);
            return ['error' => $error->name, 'class' => $class, 'path' => $error->path, 'message' => $message];
        }
    }

    private static function told(Page $page): array
    {
        return ['feed' => $page->feed()->text(), 'count' => count($page), 'left_out' => $page->leftOut(),
            'records' => $page->records(), 'facts' => $page->facts(), 'quarantine' => $page->quarantine(),
            'receipt' => $page->receipt()];
    }

    private static function members(array $all, array $names): array
    {
        return array_replace(array_flip($names), array_intersect_key($all, array_flip($names)));
    }

    private function open(array $config): void
    {
        $this->client = new Client($config);
    }

    private function close(): void
    {
        $this->client->close();
    }

    private function flush(int $budgetMs): array
    {
        $done = $this->client->flush($budgetMs);
        $outcome = [Codes::OK => 'done', Codes::AGAIN => 'again', Codes::BUSY => 'busy'][$done->outcome];
        return ['outcome' => $outcome, 'sent' => $done->sent, 'applied' => $done->applied, 'refused' => $done->refused,
            'possibly_applied' => $done->possiblyApplied, 'given_up' => $done->givenUp, 'answers_sent' => $done->answersSent,
            'waits_for' => $done->waitsFor];
    }

    private function pull(string $feed, array $spec): void
    {
        $this->pull = $this->client->pull($feed, $spec);
    }

    private function next(int $waitMs): array
    {
        $this->page = $this->pull->next($waitMs);
        return $this->page === null ? ['done' => $this->pull->isDone()] : self::told($this->page);
    }

    private function walk(string $feed, array $spec, bool $commit): array
    {
        $pages = [];
        foreach ($this->client->pull($feed, $spec) as $page) {
            $pages[] = array_column($page->records(), 'id');
            if ($commit) {
                $page->commit();
            }
        }
        return $pages;
    }

    /** A walk that ends in its first page: by an exception, by leaving the loop, or by being forgotten. */
    private function drop(string $feed, string $how): string
    {
        if ($how === 'forget') {
            $forgotten = $this->client->pull($feed)->getIterator();
            $forgotten->current();
            unset($forgotten);
            return 'forgotten';
        }
        try {
            foreach ($this->client->pull($feed) as $page) {
                if ($how === 'throw') {
                    throw new Dropped();
                }
                break;
            }
        } catch (Dropped) {
            return 'thrown';
        }
        return 'left';
    }

    private function sync(array $plan, array $replies): array
    {
        $events = [];
        $handlers = [];
        foreach ($replies as $type => $reply) {
            $handlers[$type] = function (array $event) use ($reply, &$events): mixed {
                $events[] = array_intersect_key($event, array_flip(['type', 'id', 'sku', 'to', 'of', 'kind', 'order_number']));
                return $reply === 'throw' ? throw new Dropped() : $reply;
            };
        }
        $summary = $this->client->sync($handlers, $plan);
        return ['events' => $events, 'summary' => $summary];
    }

    private function check(array $order): array
    {
        return Library::orderCheck($order);
    }

    private function describe(string $topic): array
    {
        return Library::describe($topic);
    }

    private function submit(array $order): array
    {
        return $this->client->submit($order);
    }

    private function results(int $max): array
    {
        return $this->client->results($max);
    }

    private function settle(array $numbers): void
    {
        $this->client->settle(...$numbers);
    }

    private function outbox(array $filter): array
    {
        return $this->client->outbox($filter);
    }

    private function retry(array $numbers): void
    {
        $this->client->retry(...$numbers);
    }

    private function discard(array $numbers): void
    {
        $this->client->discard(...$numbers);
    }

    private function history(string $number): array
    {
        return $this->client->history($number);
    }

    private function purge(array $filter): array
    {
        return $this->client->purge($filter);
    }

    private function orderStatus(string $number): array
    {
        return self::told($this->client->orderStatus($number));
    }

    private function cancelOrder(string $number): array
    {
        return $this->client->cancelOrder($number);
    }

    private function get(int $index, string $path): string
    {
        return $this->page->get($index, $path);
    }

    private function commit(): void
    {
        $this->page->commit();
    }

    private function end(): void
    {
        $this->pull->close();
    }

    private function ack(string $receipt, array $answers): void
    {
        $this->client->ack($receipt, $answers);
    }

    private function ackResults(int $after, int $max): array
    {
        return $this->client->ackResults($after, $max);
    }

    private function snapshot(array $query): array
    {
        return $this->client->snapshot($query);
    }

    private function cursors(): array
    {
        return $this->client->cursors();
    }

    private function setCursor(string $feed, string $cursor, ?string $name): void
    {
        $this->client->setCursor($feed, $cursor, $name);
    }

    private function stats(array $members): array
    {
        return self::members($this->client->stats(), $members);
    }

    private function holders(): array
    {
        return array_map(fn (array $one): array => self::members($one, ['feed', 'cursor']), $this->client->holders());
    }

    private function logs(): bool
    {
        return $this->client->logs() !== [];
    }

    private function setToken(string $token): void
    {
        $this->client->setToken($token);
    }

    private function relearn(array $facts): void
    {
        $this->client->relearn(...$facts);
    }

    private function probe(array $members): array
    {
        return self::members($this->client->probe(), $members);
    }

    private function call(string $operation, array $arguments): array
    {
        return $this->client->call($operation, $arguments);
    }

    private function preview(?string $operation, array $arguments): array
    {
        return $this->client->preview($operation, $arguments);
    }
}

$host = new Host();
while (($line = fgets(STDIN)) !== false) {
    $said = $host->done(json_decode($line, true));
    echo json_encode($said, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), "\n";
}
