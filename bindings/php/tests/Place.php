<?php

declare(strict_types=1);

namespace Flxchannel\Tests;

use Flxchannel\Client;

/** Where a test takes place: a hub on loopback, a folder, and what it needs to open a channel. */
final class Place
{
    public readonly string $folder;
    public readonly string $url;
    public readonly string $token;

    /** @var resource */
    private $hub;
    private array $pipes = [];

    public function __construct(string $seed = 'tiny')
    {
        $this->folder = sys_get_temp_dir() . '/flx-php-' . getmypid();
        mkdir($this->folder);
        $command = [getenv('FLX_SANDBOX'), '--port', '0', '--exit-with-parent', '--seed', $seed, '--set', 'pool.size=1000', '--set',
            'pool.refill=500'];
        $this->hub = proc_open($command, [['pipe', 'r'], ['pipe', 'w']], $this->pipes);
        [, $this->url] = explode(' ', trim(fgets($this->pipes[1])));
        [, $this->token] = explode(' ', trim(fgets($this->pipes[1])));
    }

    /** The config of a channel of this place. */
    public function config(array $changes = []): array
    {
        $config = ['channel' => 'shop', 'token' => $this->token, 'state_dir' => "$this->folder/state", 'origin' => $this->url];
        return [...$config, ...$changes];
    }

    public function client(array $changes = [], ?callable $onLog = null): Client
    {
        return new Client($this->config($changes), $onLog);
    }

    /** An order that the hub takes. */
    public function order(string $number, array $changes = []): array
    {
        $address = ['name' => 'Ada Example', 'addressLine1' => '1 Test Street', 'city' => 'Springfield', 'postal' => '62701',
            'stateCode' => 'IL', 'countryCode' => 'US'];
        $order = ['orderNumber' => $number, 'orderedAt' => '2026-01-31T12:00:00Z', 'shippingText' => 'Standard',
            'shippingAddress' => $address, 'orderItems' => [['sku' => $this->sku(), 'quantity' => 1, 'price' => '19.99']]];
        return [...$order, ...$changes];
    }

    public function sku(): string
    {
        $inStock = fn (array $row): bool => ($row['quantity'] ?? 0) >= 5 && !$row['paused'];
        return array_values(array_filter($this->asked('listings'), $inStock))[0]['sku'];
    }

    /** Asks the hub's admin paths, or tells them something. */
    public function asked(string $path, ?array $body = null): array
    {
        $post = ['method' => 'POST', 'header' => 'Content-Type: application/json', 'content' => json_encode($body)];
        $context = stream_context_create(['http' => $body === null ? [] : $post]);
        return json_decode(file_get_contents("$this->url/_admin/$path", false, $context), true);
    }

    /** Starts another PHP that runs a program; `$client` is open in it, and `$place` tells the config. */
    public function start(string $program, array $options = []): Program
    {
        $config = var_export($this->config(), true);
        $autoload = __DIR__ . '/../autoload.php';
        file_put_contents($file = tempnam($this->folder, 'php'), "<?php require '$autoload';\n\$config = $config;\n$program");
        $given = array_filter(explode(' ', (string) getenv('FLX_PHP')));
        return new Program([PHP_BINARY, ...$given, '-d', 'display_errors=stderr', ...$options, $file]);
    }

    /** Runs such a program to its end, which is well, and gives what it printed. */
    public function php(string $program): string
    {
        $run = $this->start($program);
        $said = $run->rest();
        same(0, $run->ended(), "another PHP: $said{$run->errors()}");
        return $said;
    }

    /** Whether another process can pull a feed now. */
    public function feedIsFree(string $feed): bool
    {
        $program = '$client = new Flxchannel\Client($config);
            try { $client->pull("' . $feed . '"); echo "free"; } catch (Flxchannel\ClientBusyException) { echo "held"; }';
        return $this->php($program) === 'free';
    }

    /** Ends the hub and removes the folder. */
    public function clear(): void
    {
        proc_terminate($this->hub);
        array_map(fclose(...), $this->pipes);
        proc_close($this->hub);
        $files = new \RecursiveDirectoryIterator($this->folder, \FilesystemIterator::SKIP_DOTS);
        foreach (new \RecursiveIteratorIterator($files, \RecursiveIteratorIterator::CHILD_FIRST) as $path => $file) {
            $file->isDir() ? rmdir($path) : unlink($path);
        }
        rmdir($this->folder);
    }
}

/** Another program that runs. */
final class Program
{
    /** @var resource */
    private $process;
    private array $pipes = [];
    private readonly int $parent;

    public function __construct(array $command, ?array $environment = null)
    {
        $this->parent = getmypid();
        $this->process = proc_open($command, [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']], $this->pipes, null, $environment);
    }

    /** Ends it, also where a test failed: not in a child of a fork. */
    public function __destruct()
    {
        if (getmypid() === $this->parent && proc_get_status($this->process)['running']) {
            $this->kill(SIGTERM);
            $this->ended();
        }
    }

    /** The next line that it prints. */
    public function line(): string
    {
        return trim((string) fgets($this->pipes[1]));
    }

    /** Whatever else it prints, to its end. */
    public function rest(): string
    {
        return stream_get_contents($this->pipes[1]);
    }

    public function errors(): string
    {
        return (string) stream_get_contents($this->pipes[2]);
    }

    public function say(string $line): void
    {
        fwrite($this->pipes[0], "$line\n");
    }

    public function kill(int $signal): void
    {
        posix_kill($this->pid(), $signal);
    }

    public function pid(): int
    {
        return proc_get_status($this->process)['pid'];
    }

    /** Its status, once it has ended; 128 and the signal if one ended it. One that hangs is wrong, and ended. */
    public function ended(): int
    {
        for ($looks = 0; ($status = proc_get_status($this->process))['running']; $looks++) {
            if ($looks === 6000) {
                proc_terminate($this->process, SIGKILL);
                throw new Wrong('a program hangs');
            }
            usleep(5000);
        }
        return $status['signaled'] ? 128 + $status['termsig'] : $status['exitcode'];
    }
}
