<?php

declare(strict_types=1);

namespace Flxchannel\Tests;

/** A program that pulls, says so, and then does what it is told. */
function pulling(string $then): string
{
    return '$client = new Flxchannel\Client($config);
        $pull = $client->pull("listings_to_sync");
        foreach ($pull as $page) { echo "pulled\n"; ' . $then . ' }';
}

return [
    'a worker that is killed inside a pull leaves its feed to the next one' => function (Place $at): void {
        $run = $at->start(pulling('sleep(60);'));
        same('pulled', $run->line());
        same(false, $at->feedIsFree('listings_to_sync'));
        $run->kill(SIGKILL);
        same(128 + SIGKILL, $run->ended());
        holds($at->feedIsFree('listings_to_sync'), 'it is free');
    },
    'whatever ends a script inside a loop ends it well' => function (Place $at): void {
        $ends = [
            'exit(3);' => [3, ''],
            'throw new DomainException("full");' => [255, 'Uncaught DomainException: full'],
            'nothing();' => [255, 'Call to undefined function'],
            '$page->nothing();' => [255, 'Call to undefined method'],
            'ini_set("memory_limit", "8M"); $a = ""; while (true) { $a .= str_repeat("x", 1000); }' => [255, 'Allowed memory size'],
            'set_time_limit(1); while (true) { }' => [255, 'Maximum execution time'],
            'trigger_error("enough", E_USER_ERROR);' => [255, 'enough'],
        ];
        foreach ($ends as $end => [$status, $said]) {
            $run = $at->start(pulling($end));
            same('pulled', $run->line());
            $errors = $run->errors();
            same($status, $run->ended(), "$end: $errors");
            holds($said === '' || str_contains($errors, $said), "$end: $errors");
            holds($at->feedIsFree('listings_to_sync'), $end);
        }
    },
    'PHP\'s time limit takes effect in a long wait' => function (Place $at): void {
        $at->asked('faults', ['do' => 'hang', 'times' => 0, 'path' => '/listing']);
        $run = $at->start('$client = new Flxchannel\Client($config); set_time_limit(30); echo "waiting\n";
            foreach ($client->pull("listings_to_sync") as $page) { echo "a page\n"; }');
        same('waiting', $run->line());
        usleep(300_000);
        $run->kill(SIGPROF); // as the timer of the limit does
        same(255, $run->ended());
        holds(str_contains($run->errors() . $run->rest(), 'Maximum execution time'), 'its words');
    },
    'a signal handler may throw out of a long wait' => function (Place $at): void {
        $at->asked('faults', ['do' => 'hang', 'times' => 0, 'path' => '/listing']);
        $run = $at->start('pcntl_async_signals(true);
            pcntl_signal(SIGTERM, fn () => throw new DomainException("stop"));
            $client = new Flxchannel\Client($config); echo "waiting\n";
            try { foreach ($client->pull("listings_to_sync") as $page) { } } catch (DomainException) { echo "stopped\n"; }
            echo $client->pull("listings_to_sync")->isDone() ? "" : "again\n";');
        same('waiting', $run->line());
        usleep(300_000);
        $run->kill(SIGTERM);
        same(['stopped', 'again', 0], [$run->line(), $run->line(), $run->ended()]);
    },
    'a page or an event that comes with a signal whose handler throws is the next one' => function (Place $at): void {
        foreach (['/listing/variants', '/listing/parents'] as $path) {
            $at->asked('faults', ['do' => 'delay', 'ms' => 60, 'times' => 0, 'path' => $path]);
        }
        $run = $at->start('class Stop extends Exception { }
            $client = new Flxchannel\Client($config); $client->probe();
            $throws = false;
            pcntl_async_signals(true);
            pcntl_signal(SIGUSR1, function () use (&$throws): void { if ($throws) { $throws = false; throw new Stop(); } });
            $parent = getmypid(); $child = pcntl_fork();
            while ($child === 0) {
                usleep(25_000);
                posix_getppid() === $parent ? posix_kill($parent, SIGUSR1) : posix_kill(getmypid(), SIGKILL);
            }
            $stops = $rows = $events = 0;
            $next = function ($walk) use (&$throws, &$stops) {
                $came = null;
                try { $throws = true; $came = $walk->next(5000); $throws = false; } catch (Stop) { $stops++; }
                return $came;
            };
            $pull = $client->pull("listings", ["page_size" => 2]);
            while (!$pull->isDone()) { $page = $next($pull); $rows += $page === null ? 0 : count($page); }
            $round = $client->openSync(["parts" => ["sync"]]);
            for ($tries = 0; $round->summary() === null && $tries < 200; $tries++) {
                $event = $next($round);
                if ($event !== null) { $round->reply($event, false); $events++; }
            }
            pcntl_async_signals(false); posix_kill($child, SIGKILL); pcntl_waitpid($child, $status);
            $later = $round->summary()["parts"]["sync"]["later"] ?? null;
            echo json_encode([$stops > 3, $rows, $events === $later, $events > 0]);');
        $said = $run->rest();
        same([0, '[true,9,true,true]'], [$run->ended(), $said], $run->errors());
    },
    'a pull that opens as a signal handler throws lets its feed go' => function (Place $at): void {
        $client = $at->client();
        foreach ($client->pull('listings_to_sync') as $page) {
            $client->ack($page->receipt(), answers($page));
        }
        $at->asked('faults', ['do' => 'delay', 'ms' => 1500, 'times' => 1, 'operation' => 'acknowledgeListingVariants']);
        $flush = $at->start('$client = new Flxchannel\Client($config); echo "flushes\n"; $client->flush(-1);');
        same('flushes', $flush->line());
        while ($client->holders() === []) {
            usleep(5000);
        }
        pcntl_async_signals(true);
        pcntl_signal(SIGUSR1, fn () => throw new \DomainException('stop'));
        $parent = getmypid();
        $child = pcntl_fork();
        if ($child === 0) {
            usleep(200_000);
            posix_kill($parent, SIGUSR1);
            posix_kill(getmypid(), SIGKILL);
        }
        $stop = thrown(\DomainException::class, fn () => $client->pull('listings_to_sync'));
        pcntl_waitpid($child, $status);
        same(0, $flush->ended());
        same([], $client->holders(), $stop->getMessage());
    },
    'what a signal handler throws behind a reply is the host\'s, and no refusal of the reply' => function (Place $at): void {
        // It waits until the reply is made, and then for the library.
        $said = $at->php('pcntl_async_signals(true);
            pcntl_signal(SIGUSR1, fn () => throw new DomainException("stop"));
            class Reason implements JsonSerializable {
                function jsonSerialize(): mixed { pcntl_async_signals(true); return "no room"; }
            }
            $client = new Flxchannel\Client($config);
            $handler = function (): array {
                pcntl_async_signals(false);
                posix_kill(getmypid(), SIGUSR1);
                return ["error" => new Reason()];
            };
            try { $client->sync(["sync" => $handler, "change" => fn () => true]); }
            catch (Throwable $stop) { echo $stop->getMessage(); }');
        same('stop', $said);
    },
    'a signal handler that throws while a class is loaded leaves the class to be used' => function (Place $at): void {
        // Files are read as ever, and a signal comes in the middle of each.
        $said = $at->php('class Reader { public $context; private $text;
                function stream_open($path) { return $this->plain(fn () => $this->text = fopen($path, "r")) !== false; }
                function stream_read($most) { posix_kill(getmypid(), SIGUSR1); return fread($this->text, $most); }
                function stream_eof() { return feof($this->text); }
                function stream_stat() { return fstat($this->text); }
                function stream_set_option() { return false; }
                function url_stat($path) { return $this->plain(fn () => @stat($path)); }
                private function plain($use) {
                    stream_wrapper_restore("file");
                    try { return $use(); } finally { self::begin(); }
                }
                static function begin() { stream_wrapper_unregister("file"); stream_wrapper_register("file", self::class); } }
            $client = new Flxchannel\Client($config);
            pcntl_async_signals(true);
            pcntl_signal(SIGUSR1, fn () => throw new DomainException("stop"));
            Reader::begin();
            try { $client->pull("orders"); } catch (DomainException $stop) { echo $stop->getMessage(); }
            stream_wrapper_restore("file");
            echo $client->pull("orders")->isDone() ? "" : " opened";');
        same('stop opened', $said);
    },
    'a client outlives whatever a destructor of the host does with it at the end' => function (Place $at): void {
        $said = $at->php('class Late { public $client; function __destruct() { echo count($this->client->outbox()), "\n"; } }
            $late = new Late(); $late->client = new Flxchannel\Client($config);');
        same('0', trim($said));
    },
    'without its library there is a LibraryException that says why' => function (Place $at): void {
        $program = fn (string $name, string $value): string => "putenv('$name=$value');"
            . 'try { Flxchannel\FfiBackend::load(); } catch (Flxchannel\LibraryException $none) { echo $none->getMessage(); }';
        $said = $at->php($program('FLXCHANNEL_HEADER', '/nowhere.h'));
        same('/nowhere.h is not there or not the header that make install writes for PHP', $said);
        $said = $at->php($program('FLXCHANNEL_LIBRARY', 'libm.so.6'));
        same(1, preg_match("/^Failed resolving C function 'flx_[a-z]+'; the README of bindings/", $said), $said);
    },
];
