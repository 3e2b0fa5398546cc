<?php

declare(strict_types=1);

namespace Flxchannel;

/** The loaded library: by the C extension where PHP has it, else by FFI; and what it says without a client. */
final class Library
{
    private static ?Backend $backend = null;

    /** Loads the library when it is first asked for, and checks that it belongs to this package. */
    public static function backend(): Backend
    {
        if (self::$backend === null) {
            self::use(extension_loaded('flxchannel') ? new ExtensionBackend() : FfiBackend::load());
        }
        return self::$backend;
    }

    /** Chooses by hand, before the first client: `Library::use(FfiBackend::load('/opt/flx/flxchannel.php.h'))`. */
    public static function use(Backend $backend): void
    {
        if ($backend->require(Codes::HEADER_VERSION) !== Codes::OK) {
            $found = $backend->versionString();
            throw LibraryException::because("the library is $found; this package is for header version " . Codes::HEADER_VERSION);
        }
        self::$backend = $backend;
    }

    /** The version of the loaded library, such as "1.0.0". */
    public static function version(): string
    {
        return self::backend()->versionString();
    }

    /** A table of the library, such as "config", "errors" or "schema/order"; "topics" lists all. */
    public static function describe(string $topic): array
    {
        return Json::decode(self::backend()->describe($topic));
    }

    /** Checks an order without a client: ok, faults and warnings, each with `path` and `message`. */
    public static function orderCheck(#[\SensitiveParameter] array|string $order): array
    {
        return Json::decode(self::backend()->orderCheck(Json::encode($order)));
    }
}
