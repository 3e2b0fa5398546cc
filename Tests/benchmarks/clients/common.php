<?php
// What every PHP program does around its work: arguments, clocks, the line they print.
declare(strict_types=1);

const HEADERS = ['X-API-TOKEN: bench-token', 'Accept: application/json'];

function cpuSeconds(): float
{
    $use = getrusage();
    return $use['ru_utime.tv_sec'] + $use['ru_stime.tv_sec'] + ($use['ru_utime.tv_usec'] + $use['ru_stime.tv_usec']) / 1e6;
}

/** Pages 1, 2, 3 ... up to the empty one; `$read` gives the decoded answer of a URL. */
function numbered(string $url, callable $read): Generator
{
    for ($number = 1; ($page = $read("$url/listing/variants?page=$number&pageSize=100&sync=true")) !== []; $number++) {
        yield $page;
    }
}

/**
 * @param callable(): iterable $pages lists of records
 * @param callable(): int $count the smallest question there is
 */
function run(array $argv, callable $pages, callable $count): void
{
    $mode = $argv[1];
    if ($mode !== 'start') {
        $count();
    }
    $cpu = cpuSeconds();
    $wall = hrtime(true);
    $found = ['listings' => 0, 'ids' => 0, 'cents' => 0, 'quantity' => 0];
    foreach ($mode === 'pages' ? $pages() : [] as $page) {
        foreach ($page as $record) {
            $found['listings']++;
            $found['ids'] += $record['id'];
            $found['cents'] += (int) round($record['price'] * 100);
            $found['quantity'] += $record['quantity'];
        }
    }
    for ($times = $mode === 'small' ? (int) end($argv) : 0; $times > 0; $times--) {
        $found['listings'] += $count();
    }
    preg_match('/VmHWM:\s+(\d+)/', file_get_contents('/proc/self/status'), $peak); // the most that was resident
    $spent = ['rss_kb' => (int) $peak[1], 'cpu_s' => cpuSeconds() - $cpu, 'wall_s' => (hrtime(true) - $wall) / 1e9];
    echo json_encode($spent + $found), "\n";
}
