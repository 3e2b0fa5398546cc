<?php

declare(strict_types=1);

namespace Flxchannel;

/**
 * Owns one handle of the library: closed once, by `close` or when nothing refers to it any more.
 *
 * In a child of a fork it answers ForkedException, and closing it there takes nothing from the parent.
 */
abstract class Handle
{
    /** What messages call it, and the method of the back end that closes it. */
    protected const NOUN = 'object';
    protected const CLOSE = '';

    /** Null from the moment it was closed. */
    private ?object $handle;

    protected function __construct(protected readonly Backend $backend, object $handle)
    {
        $this->handle = $handle;
    }

    public function __destruct()
    {
        $this->close();
    }

    /** Gives it back. Closing it twice does nothing; using it then is ClosedException. */
    public function close(): void
    {
        [$handle, $this->handle] = [$this->handle ?? null, null];
        if ($handle !== null) {
            $this->backend->{static::CLOSE}($handle);
        }
    }

    public function isClosed(): bool
    {
        return !isset($this->handle);
    }

    final protected function handle(): object
    {
        return $this->handle ?? throw ClosedException::because('this ' . static::NOUN . ' is closed');
    }

    /** Calls a method of the back end with this handle. */
    final protected function ask(string $method, #[\SensitiveParameter] mixed ...$arguments): mixed
    {
        $this->askInto($came, $method, ...$arguments);
        return $came;
    }

    /** The same, for what the library gives once: it is in its place before a signal handler can throw. */
    final protected function askInto(mixed &$came, string $method, #[\SensitiveParameter] mixed ...$arguments): void
    {
        try {
            $this->askUndisturbed($came, $method, $arguments);
        } finally {
            $this->afterwards();
        }
    }

    /** Signals that come meanwhile are handled behind the call. */
    private function askUndisturbed(mixed &$came, string $method, #[\SensitiveParameter] array $arguments): void
    {
        $isAsync = function_exists('pcntl_async_signals') && pcntl_async_signals();
        try {
            $isAsync && pcntl_async_signals(false);
            $came = $this->backend->$method($this->handle(), ...$arguments);
        } finally {
            if ($isAsync) {
                pcntl_async_signals(true);
                pcntl_signal_dispatch();
            }
        }
    }

    /** What is due after each call, whatever came of it. */
    protected function afterwards(): void
    {
    }

    private function __clone()
    {
    }

    public function __serialize(): array
    {
        throw UseException::because('a ' . static::NOUN . ' belongs to its process and cannot be stored');
    }

    public function __debugInfo(): array
    {
        return ['isClosed' => $this->isClosed()];
    }
}
