<?php

declare(strict_types=1);

namespace Flxchannel;

/**
 * How functions of C are called by FFI: by what they take and give.
 *
 * Handles are FfiObjects. After a fatal error PHP calls no destructor: what is open then is closed by a shutdown function, or a
 * worker of php-fpm would keep its feeds.
 */
abstract class FfiCalls
{
    /** Errors after which there are no destructors. */
    private const FATAL = E_ERROR | E_PARSE | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR | E_RECOVERABLE_ERROR;

    /** @var \WeakMap<FfiObject, true> what is open */
    private \WeakMap $open;

    final protected function __construct(protected readonly \FFI $c)
    {
        $this->open = new \WeakMap();
        // In two steps, so that it comes behind all that the host has registered.
        register_shutdown_function(fn () => register_shutdown_function($this->closeAfterFatalError(...)));
    }

    /** Calls a function. */
    final protected function run(string $function, #[\SensitiveParameter] mixed ...$arguments): mixed
    {
        foreach ($arguments as $place => $argument) {
            if ($argument instanceof FfiObject) {
                $arguments[$place] = $argument->pointer();
            }
        }
        return $this->c->$function(...$arguments);
    }

    /** Calls what ends in an error, and gives its status; throws one that is an error. */
    final protected function status(string $function, #[\SensitiveParameter] mixed ...$arguments): int
    {
        $err = $this->place('flx_error', 'flx_error_free');
        $status = $this->run($function, ...$arguments, ...[$err->address()]);
        if ($status < 0) {
            throw FlxException::of($status, $this->part($err, Codes::ERROR_JSON), $this->part($err, Codes::ERROR_HUB_SAID));
        }
        return $status;
    }

    /** Calls what makes an object, and maybe none: status and object. Its last two parameters are where that goes, and the error. */
    final protected function brought(
        string $type,
        string $close,
        string $function,
        #[\SensitiveParameter] mixed ...$arguments
    ): array {
        $object = $this->place($type, $close);
        return [$this->status($function, ...$arguments, ...[$object->address()]), $object];
    }

    /** Calls what makes an object. */
    final protected function made(
        string $type,
        string $close,
        string $function,
        #[\SensitiveParameter] mixed ...$arguments
    ): FfiObject {
        return $this->brought($type, $close, $function, ...$arguments)[1];
    }

    /** Calls what gives a blob, and maybe none: status and text. */
    final protected function told(string $function, #[\SensitiveParameter] mixed ...$arguments): array
    {
        [$status, $blob] = $this->brought('flx_blob', 'flx_blob_free', $function, ...$arguments);
        [$p, $n] = [$this->c->new('const void *'), $this->c->new('size_t')];
        $this->run('flx_blob_view', $blob, \FFI::addr($p), \FFI::addr($n));
        return [$status, \FFI::isNull($p) ? null : \FFI::string($this->c->cast('const char *', $p), $n->cdata)];
    }

    /** Calls what gives a blob. */
    final protected function text(string $function, #[\SensitiveParameter] mixed ...$arguments): string
    {
        return $this->told($function, ...$arguments)[1];
    }

    /** Calls what gives a view and takes no error. */
    final protected function view(string $function, #[\SensitiveParameter] mixed ...$arguments): string
    {
        [$p, $n] = [$this->c->new('const char *'), $this->c->new('size_t')];
        $status = $this->run($function, ...$arguments, ...[\FFI::addr($p), \FFI::addr($n)]);
        return $status >= 0 ? \FFI::string($p, $n->cdata) : throw FlxException::of($status, '', '');
    }

    /** Where an object of the library goes. */
    private function place(string $type, string $close): FfiObject
    {
        $object = new FfiObject($this->c, $type, $close);
        $this->open[$object] = true;
        return $object;
    }

    private function part(FfiObject $err, int $part): string
    {
        [$p, $n] = [$this->c->new('const char *'), $this->c->new('size_t')];
        $status = $this->run('flx_error_view', $err, $part, \FFI::addr($p), \FFI::addr($n));
        return $status === Codes::OK ? \FFI::string($p, $n->cdata) : '';
    }

    private function closeAfterFatalError(): void
    {
        if ((error_get_last()['type'] ?? 0) & self::FATAL) {
            foreach ($this->open as $object => $_) {
                $object->free();
            }
        }
    }
}
