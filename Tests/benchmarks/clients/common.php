<?php
// What both PHP programs do around their work: arguments, clocks, the line they print.
declare(strict_types=1);

const HEADERS = ['X-API-TOKEN: bench-token', 'Accept: application/json'];

function cpuSeconds(): float
{
    $use = getrusage();
    return $use['ru_utime.tv_sec'] + $use['ru_stime.tv_sec'] + ($use['ru_utime.tv_usec'] + $use['ru_stime.tv_usec']) / 1e6;
}

/** @param callable(string): mixed $read the decoded answer of a URL */
function run(array $argv, callable $read): void
{
    [, $mode, $url] = $argv;
    $count = fn (): int => $read("$url/listing/variants/count");
    if ($mode !== 'start') {
        $count();
    }
    $cpu = cpuSeconds();
    $wall = hrtime(true);
    $found = ['listings' => 0, 'ids' => 0, 'cents' => 0, 'quantity' => 0];
    for ($number = 1; $mode === 'pages'; $number++) {
        $page = $read("$url/listing/variants?page=$number&pageSize=100&sync=true");
        if ($page === []) {
            break;
        }
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
