<?php

declare(strict_types=1);

namespace Flxchannel;

/**
 * How functions of C are called by FFI: by what they take and give.
 *
 * Handles are C pointers in CData. FFI frees nothing of the library, and after a fatal error PHP calls no destructor: what
 * is open then is closed by a shutdown function, or a worker of php-fpm would keep its feeds.
 */
abstract class FfiCalls
{
    /** Errors after which there are no destructors. */
    private const FATAL = E_ERROR | E_PARSE | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR | E_RECOVERABLE_ERROR;

    /** @var array<int, array{\FFI\CData, string}> what is open, and the function that closes it, by the id of the handle */
    private array $open = [];

    final protected function __construct(protected readonly \FFI $c)
    {
        // In two steps, so that it comes behind all that the host has registered.
        register_shutdown_function(fn () => register_shutdown_function($this->closeAfterFatalError(...)));
    }

    /** Calls what ends in an error, and gives its status; throws one that is an error. */
    final protected function status(string $function, #[\SensitiveParameter] mixed ...$arguments): int
    {
        $err = $this->c->new('flx_error *');
        $status = $this->c->$function(...$arguments, ...[\FFI::addr($err)]);
        if ($status >= 0) {
            return $status;
        }
        try {
            throw FlxException::of($status, $this->part($err, Codes::ERROR_JSON), $this->part($err, Codes::ERROR_HUB_SAID));
        } finally {
            $this->c->flx_error_free($err);
        }
    }

    private function part(\FFI\CData $err, int $part): string
    {
        [$p, $n] = [$this->c->new('const char *'), $this->c->new('size_t')];
        $status = $this->c->flx_error_view($err, $part, \FFI::addr($p), \FFI::addr($n));
        return $status === Codes::OK ? \FFI::string($p, $n->cdata) : '';
    }

    /** Calls what makes an object: its last two parameters are where it goes and the error. */
    final protected function made(
        string $type,
        string $close,
        string $function,
        #[\SensitiveParameter] mixed ...$arguments
    ): \FFI\CData {
        $out = $this->c->new("$type *");
        $this->status($function, ...$arguments, ...[\FFI::addr($out)]);
        return $this->kept($out, $close);
    }

    /** Calls what gives a blob, and maybe none: status and text. */
    final protected function told(string $function, #[\SensitiveParameter] mixed ...$arguments): array
    {
        $blob = $this->c->new('flx_blob *');
        $status = $this->status($function, ...$arguments, ...[\FFI::addr($blob)]);
        if (\FFI::isNull($blob)) {
            return [$status, null];
        }
        [$p, $n] = [$this->c->new('const void *'), $this->c->new('size_t')];
        $this->c->flx_blob_view($blob, \FFI::addr($p), \FFI::addr($n));
        $text = \FFI::string($this->c->cast('const char *', $p), $n->cdata);
        $this->c->flx_blob_free($blob);
        return [$status, $text];
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
        $status = $this->c->$function(...$arguments, ...[\FFI::addr($p), \FFI::addr($n)]);
        return $status >= 0 ? \FFI::string($p, $n->cdata) : throw FlxException::of($status, '', '');
    }

    final protected function kept(\FFI\CData $handle, string $close): \FFI\CData
    {
        $this->open[spl_object_id($handle)] = [$handle, $close];
        return $handle;
    }

    final protected function free(\FFI\CData $handle): void
    {
        [, $close] = $this->open[spl_object_id($handle)] ?? [null, null];
        if ($close !== null) {
            unset($this->open[spl_object_id($handle)]);
            $this->c->$close($handle);
        }
    }

    private function closeAfterFatalError(): void
    {
        if ((error_get_last()['type'] ?? 0) & self::FATAL) {
            foreach ($this->open as [$handle]) {
                $this->free($handle);
            }
        }
    }
}
