<?php

/*
 * The tests of the class API:  php [-d extension=.../flxchannel.so] run.php [WORD...]
 *
 * With the extension the library is reached through it, else by FFI. FLX_SANDBOX names the hub's program; FLXCHANNEL_HEADER
 * and FLXCHANNEL_LIBRARY, or LD_LIBRARY_PATH, the library; FLX_PHP the options that a further PHP is started with. A file of
 * tests gives claims with what shows them. Each runs in a process with a hub and a folder of its own, six at a time; with
 * words, those whose file or claim has one.
 */

declare(strict_types=1);

namespace Flxchannel\Tests;

require_once __DIR__ . '/../autoload.php';
require_once __DIR__ . '/Place.php';

const AT_A_TIME = 6;

/** What is not as it has to be. */
final class Wrong extends \Exception
{
}

function same(mixed $wanted, mixed $got, string $of = ''): void
{
    if ($wanted !== $got) {
        throw new Wrong("$of: wanted " . var_export($wanted, true) . ', got ' . var_export($got, true));
    }
}

function holds(bool $claim, string $what): void
{
    same(true, $claim, $what);
}

/** Runs what has to throw an exception of this very class, and gives that. */
function thrown(string $class, callable $body): \Throwable
{
    try {
        $body();
    } catch (\Throwable $thrown) {
        same($class, $thrown::class, $thrown->getMessage());
        return $thrown;
    }
    throw new Wrong("$class was not thrown");
}

/** The same of this class or one of its kind. */
function thrownKind(string $class, callable $body): \Throwable
{
    try {
        $body();
    } catch (\Throwable $thrown) {
        holds($thrown instanceof $class, $thrown::class . ': ' . $thrown->getMessage());
        return $thrown;
    }
    throw new Wrong("$class was not thrown");
}

/** Runs one test in a child; its status says whether the claim holds. */
function started(string $claim, callable $body): int
{
    $child = pcntl_fork();
    if ($child !== 0) {
        return $child;
    }
    try {
        $place = new Place();
        $body($place);
        $place->clear();
        exit(0);
    } catch (\Throwable $thrown) {
        $what = $thrown instanceof Wrong ? '' : $thrown::class . ': ';
        $where = basename($thrown->getFile()) . ":{$thrown->getLine()}";
        foreach ($thrown->getTrace() as $call) {
            if (isset($call['file']) && !in_array(basename($call['file']), ['run.php', 'Place.php'], true)) {
                $where = basename($call['file']) . ":{$call['line']}";
                break;
            }
        }
        echo "FAILED $claim\n    $what{$thrown->getMessage()} ($where)\n";
        exit(1);
    }
}

$tests = [];
foreach (glob(__DIR__ . '/*Test.php') as $file) {
    foreach (require $file as $claim => $body) {
        $words = array_slice($argv, 1);
        $isMeant = fn (string $word): bool => str_contains(basename($file) . ' ' . $claim, $word);
        if ($words === [] || array_filter($words, $isMeant) !== []) {
            $tests[$claim] = $body;
        }
    }
}
$passed = $failed = $running = 0;
while ($tests !== [] || $running > 0) {
    if ($tests !== [] && $running < AT_A_TIME) {
        $claim = array_key_first($tests);
        started($claim, $tests[$claim]);
        unset($tests[$claim]);
        $running++;
        continue;
    }
    pcntl_wait($status);
    $running--;
    if (pcntl_wifexited($status) && pcntl_wexitstatus($status) === 0) {
        $passed++;
    } else {
        $failed++;
        echo pcntl_wifsignaled($status) ? 'FAILED one test ended by signal ' . pcntl_wtermsig($status) . "\n" : '';
    }
}
$by = extension_loaded('flxchannel') ? 'the extension' : 'FFI';
echo "PHP by $by: $passed passed, $failed failed\n";
exit($failed > 0 || $passed === 0 ? 1 : 0);
