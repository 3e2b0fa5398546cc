<?php

declare(strict_types=1);

namespace Flxchannel;

/**
 * Where the library puts an object that it makes, and who frees that: with the last reference, as PHP's own are.
 *
 * It is there before the object, so that nothing can come between, neither an exception of a signal handler nor an exit.
 *
 * @internal
 */
final class FfiObject
{
    /** Null from the moment it was freed. */
    private ?\FFI\CData $place;

    public function __construct(private readonly \FFI $c, string $type, private readonly string $close)
    {
        $this->place = $c->new("$type *");
    }

    public function __destruct()
    {
        $this->free();
    }

    /** Freeing twice does nothing: the library knows a handle that is stale. */
    public function free(): void
    {
        if ($this->place !== null) {
            $this->c->{$this->close}($this->place);
            $this->place = null;
        }
    }

    /** The object as C takes it. */
    public function pointer(): ?\FFI\CData
    {
        return $this->place;
    }

    /** The place as C takes it. */
    public function address(): \FFI\CData
    {
        return \FFI::addr($this->place);
    }

    private function __clone()
    {
    }
}
