<?php

declare(strict_types=1);

namespace Flxchannel\Tests;

/** A php-fpm with four workers, whose requests run a script. */
final class Fpm
{
    private Program $master;

    public function __construct(private readonly Place $at, string $script)
    {
        $config = var_export($at->config(), true);
        $autoload = realpath(__DIR__ . '/../autoload.php');
        file_put_contents("$at->folder/index.php", "<?php require_once '$autoload';\n\$config = $config;\n$script");
        $user = posix_getpwuid(posix_geteuid())['name'];
        file_put_contents("$at->folder/fpm.conf", "[global]\nerror_log = $at->folder/fpm.log\ndaemonize = no\n"
            . "[www]\nlisten = $at->folder/fpm.sock\nuser = $user\npm = static\npm.max_children = 4\nclear_env = no\n");
        $options = extension_loaded('flxchannel') ? $this->byExtension() : $this->byPreload($user);
        $fpm = current(glob('/usr/sbin/php-fpm' . PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION));
        // Not the environment's header: what php.ini says has to do.
        $environment = array_diff_key(getenv(), ['FLXCHANNEL_HEADER' => 1]);
        $this->master = new Program([$fpm, '-n', '-F', '-R', '-y', "$at->folder/fpm.conf", ...$options], $environment);
        for ($tries = 0; !file_exists("$at->folder/fpm.sock"); $tries++) {
            $log = (string) @file_get_contents("$at->folder/fpm.log");
            holds($tries < 1000, "php-fpm listens: $log");
            usleep(10_000);
        }
    }

    /** @return list<string> */
    private function byExtension(): array
    {
        $given = array_filter(explode(' ', (string) getenv('FLX_PHP')));
        return array_values(preg_grep('/^-n$/', $given, PREG_GREP_INVERT));
    }

    /** The five lines of the README, with the paths of this place. @return list<string> */
    private function byPreload(string $user): array
    {
        $preload = realpath(__DIR__ . '/../preload.php');
        return ['-d', 'extension=ffi', '-d', 'zend_extension=opcache', '-d', 'ffi.enable=preload', '-d', 'opcache.enable=1', '-d',
            'ffi.preload=' . getenv('FLXCHANNEL_HEADER'), '-d', "opcache.preload=$preload", '-d', "opcache.preload_user=$user"];
    }

    /** Starts a request. */
    public function request(string $query): Program
    {
        $environment = ['SCRIPT_FILENAME' => "{$this->at->folder}/index.php", 'REQUEST_METHOD' => 'GET', 'QUERY_STRING' => $query,
            'PATH' => getenv('PATH')];
        return new Program(['cgi-fcgi', '-bind', '-connect', "{$this->at->folder}/fpm.sock"], $environment);
    }

    /** What a request answers, without its head. */
    public function answer(string $query): string
    {
        $answer = $this->request($query)->rest();
        return trim(explode("\r\n\r\n", $answer, 2)[1] ?? $answer);
    }
}

return [
    'checkouts of several workers of php-fpm take effect once each' => function (Place $at): void {
        $order = var_export($at->order('X'), true);
        $fpm = new Fpm($at, '$client = new Flxchannel\Client($config);
            if (isset($_GET["flush"])) { echo $client->flush(5000)->outcome; exit; }
            $client->submit(["orderNumber" => $_GET["order"]] + ' . $order . '); echo getmypid();');
        $requests = [];
        for ($n = 0; $n < 24; $n++) {
            $requests[] = $fpm->request('order=A-' . $n % 12);
        }
        $workers = array_map(fn (Program $one): string => trim(explode("\r\n\r\n", $one->rest())[1] ?? ''), $requests);
        same([], preg_grep('/^\d+$/', $workers, PREG_GREP_INVERT));
        holds(count(array_unique($workers)) > 1, 'several workers');
        $flushes = array_map(fn () => $fpm->request('flush=1'), range(1, 3));
        array_map(fn (Program $one): string => $one->rest(), $flushes);
        $fpm->answer('flush=1');
        $totals = $at->asked('totals');
        same([12, 12], [$totals['order_numbers_pushed'], $totals['order_posts']]);
    },
    'a worker whose request ends in the log handler of a client that opens keeps no client' => function (Place $at): void {
        $fpm = new Fpm($at, 'if ($_GET["how"] === "exit") { new Flxchannel\Client($config, fn () => exit); }
            echo getmypid(), " ", count(scandir("/proc/self/fd"));');
        $most = [];
        for ($round = 0; $round < 20; $round++) {
            [$worker, $descriptors] = explode(' ', $fpm->answer('how=count'));
            $most[$worker][] = (int) $descriptors;
            array_map(fn () => $fpm->answer('how=exit'), range(1, 4));
        }
        foreach ($most as $worker => $counts) {
            holds(max($counts) < min($counts) + 5, "worker $worker: " . implode(' ', $counts));
        }
    },
    'a worker whose request ends in any way keeps no feed' => function (Place $at): void {
        $fpm = new Fpm($at, '$client = new Flxchannel\Client($config);
            if ($_GET["end"] === "held") { echo json_encode($client->holders()); exit; }
            foreach ($client->pull("listings_to_sync") as $page) {
                match ($_GET["end"]) {
                    "exit" => exit, "throw" => throw new Exception(), "fatal" => nothing(),
                    "memory" => str_repeat("x", 1 << 40),
                    "time" => (function () { set_time_limit(1); while (true) { } })(),
                    "abort" => (function () { while (true) { echo str_repeat("x", 10000); flush(); usleep(1000); } })(),
                };
            }');
        foreach (['exit', 'throw', 'fatal', 'memory', 'time', 'abort'] as $end) {
            $request = $fpm->request("end=$end");
            if ($end === 'abort') {
                $request->line();
                $request->kill(SIGKILL);
            }
            $request->rest();
            for ($tries = 0; ($held = $fpm->answer('end=held')) !== '[]' && $tries < 100; $tries++) {
                usleep(20_000);
            }
            same('[]', $held, $end);
        }
    },
];
