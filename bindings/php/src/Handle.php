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
        try {
            return $this->backend->$method($this->handle(), ...$arguments);
        } finally {
            $this->afterwards();
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
