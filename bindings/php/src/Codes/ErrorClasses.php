<?php

declare(strict_types=1);

namespace Flxchannel;

/**
 * Which exception a code is thrown as.
 *
 * @internal
 */
final class ErrorClasses
{
    // ---- made from tables/codes.toml by `make generate`: edit there, not here ----
    private const BANDS = [
        1 => UseException::class,
        2 => LocalException::class,
        3 => TransportException::class,
        4 => HubException::class,
        5 => InternalException::class,
    ];

    private const BY_CODE = [
        Codes::E_ARGUMENT => ArgumentException::class,
        Codes::E_HANDLE => HandleException::class,
        Codes::E_UTF8 => Utf8Exception::class,
        Codes::E_JSON => JsonException::class,
        Codes::E_CONFIG => ConfigException::class,
        Codes::E_ORDER => OrderException::class,
        Codes::E_ANSWER => AnswerException::class,
        Codes::E_RECEIPT => ReceiptException::class,
        Codes::E_CONFLICT => ConflictException::class,
        Codes::E_USE => UseException::class,
        Codes::E_VERSION => UseException::class,
        Codes::E_OPERATION => OperationException::class,
        Codes::E_NOT_FOUND => NotFoundException::class,
        Codes::E_TOO_LARGE => TooLargeException::class,
        Codes::E_STATE => StateException::class,
        Codes::E_STATE_BUSY => StateBusyException::class,
        Codes::E_STATE_CORRUPT => StateException::class,
        Codes::E_STATE_NEWER => StateException::class,
        Codes::E_IDENTITY => IdentityException::class,
        Codes::E_PATH => PathException::class,
        Codes::E_CLIENT_BUSY => ClientBusyException::class,
        Codes::E_FORKED => ForkedException::class,
        Codes::E_CANCELED => CanceledException::class,
        Codes::E_RATE_LIMIT => RateLimitException::class,
        Codes::E_CONNECT => TransportException::class,
        Codes::E_TLS => TransportException::class,
        Codes::E_NETWORK => TransportException::class,
        Codes::E_PROTOCOL => TransportException::class,
        Codes::E_TIMEOUT => DeadlineException::class,
        Codes::E_REDIRECT => TransportException::class,
        Codes::E_HUB => HubException::class,
        Codes::E_TOKEN => TokenException::class,
        Codes::E_THROTTLED => ThrottledException::class,
        Codes::E_CONTRACT => ContractException::class,
        Codes::E_PAGING => PagingException::class,
        Codes::E_REFUSED => RefusedException::class,
        Codes::E_UNAVAILABLE => UnavailableException::class,
        Codes::E_INTERNAL => InternalException::class,
        Codes::E_MEMORY => InternalException::class,
    ];
    // ---- end of what is made ----

    /** @return class-string<FlxException> */
    public static function of(int $code, Verdict $verdict): string
    {
        if ($verdict === Verdict::PossiblyApplied) {
            return PossiblyAppliedException::class;
        }
        return self::BY_CODE[$code] ?? self::BANDS[intdiv(-$code, 100)] ?? FlxException::class;
    }

    /** The code that a class, or the one it is a kind of, stands for; 0 for one that stands for many. */
    public static function codeOf(string $class): int
    {
        return array_search($class, self::BY_CODE, true)
            ?: ($class === FlxException::class ? 0 : self::codeOf(get_parent_class($class)));
    }

    /** The name of a code, such as "FLX_E_CONFLICT"; empty for one that this package does not know. */
    public static function name(int $code): string
    {
        $errors = array_filter(
            (new \ReflectionClass(Codes::class))->getConstants(),
            fn (int $number): bool => $number === $code && $number < 0,
        );
        return $errors === [] ? '' : 'FLX_' . array_key_first($errors);
    }
}
