<?php

/*
 * Exceptions: a class for each class of error codes, and one for each code that a shop handles by name.
 *
 *     FlxException
 *     ├── UseException          the call is at fault
 *     ├── LocalException        this machine
 *     ├── TransportException    between this machine and the hub
 *     ├── HubException          the hub
 *     ├── InternalException     the library
 *     ├── LibraryException      there is no library
 *     └── PossiblyAppliedException   a write whose effect is unknown, whatever the code
 *
 * A code that this package does not know is thrown as the class of its band.
 */

declare(strict_types=1);

namespace Flxchannel;

/** Why the library did not do what it was asked for. `getCode` is the status, such as -109. */
class FlxException extends \RuntimeException
{
    /** The name of the code, such as "FLX_E_CONFLICT". */
    public readonly string $name;
    /** What the hub said, in its own words: they may name a buyer, so not for logs. */
    public readonly string $hubSaid;
    /** Where: a JSON pointer, a config key or a parameter. */
    public readonly string $path;
    /** The operation of the contract, such as "createOrder". */
    public readonly string $operation;
    /** The library's number of the request, as in the log. */
    public readonly string $requestId;
    /** Status of the hub's answer, null if there was none. */
    public readonly ?int $httpStatus;
    /** What is known of the effect of a write. */
    public readonly Verdict $verdict;
    /** When it makes sense to try again, null if unknown. */
    public readonly ?int $retryAfterMs;
    /** The same call may succeed later. */
    public readonly bool $retryable;
    /** The object is of no further use and should be closed. */
    public readonly bool $fatal;
    /** Every fault of bad input, each with `path` and `message`. */
    public readonly array $faults;

    /** @param array<string, mixed> $facts the error as the library gives it in JSON, and `hub_said` */
    final public function __construct(array $facts, ?\Throwable $previous = null)
    {
        $this->name = $facts['name'] ?? '';
        $this->hubSaid = $facts['hub_said'] ?? '';
        $this->path = $facts['path'] ?? '';
        $this->operation = $facts['operation'] ?? '';
        $this->requestId = $facts['request_id'] ?? '';
        $this->httpStatus = ($facts['http_status'] ?? 0) ?: null;
        $this->verdict = Verdict::named($facts['verdict'] ?? '') ?? Verdict::None;
        $this->retryAfterMs = ($facts['retry_after_ms'] ?? -1) < 0 ? null : $facts['retry_after_ms'];
        $this->retryable = $facts['retryable'] ?? false;
        $this->fatal = $facts['fatal'] ?? false;
        $this->faults = $facts['faults'] ?? [];
        $place = $this->path === '' ? '' : " [$this->path]";
        $message = implode(': ', array_filter([$this->name, $facts['message'] ?? ''])) . $place;
        parent::__construct($message, $facts['code'] ?? 0, $previous);
    }

    /** The exception of a status, with the error's JSON. Called by both back ends. */
    final public static function of(int $status, string $json, string $hubSaid): self
    {
        $facts = $json === '' ? ['code' => $status, 'name' => ErrorClasses::name($status)] : Json::decode($json);
        $class = ErrorClasses::of($status, Verdict::named($facts['verdict'] ?? '') ?? Verdict::None);
        return new $class([...$facts, 'hub_said' => $hubSaid]);
    }

    /** One of this class that the binding itself has a reason for. */
    final public static function because(string $message, string $path = '', ?\Throwable $previous = null): static
    {
        $code = ErrorClasses::codeOf(static::class);
        $facts = ['code' => $code, 'name' => ErrorClasses::name($code), 'message' => $message, 'path' => $path];
        return new static($facts, $previous);
    }
}

// ---- made from tables/codes.toml by `make generate`: edit there, not here ----

/** The call is at fault: the same call will never succeed. */
class UseException extends FlxException
{
}

/** A pointer, length, number or name that is not allowed. */
class ArgumentException extends UseException
{
}

/** A handle that was freed, never made, or of another type or client. */
class HandleException extends UseException
{
}

/** Text that is not UTF-8. */
class Utf8Exception extends UseException
{
}

/** Text that is not the JSON asked for. */
class JsonException extends UseException
{
}

/** A config key or value; the message names the nearest key. */
class ConfigException extends UseException
{
}

/** An order with faults; the details list all of them with their paths. */
class OrderException extends UseException
{
}

/** An answer that the receipt does not allow; nothing was stored. */
class AnswerException extends UseException
{
}

/** Text that is not a receipt of this channel. */
class ReceiptException extends UseException
{
}

/** The order number is taken by an order of other content; nothing was sent. */
class ConflictException extends UseException
{
}

/** An unknown operation, or arguments that do not fit its schema. */
class OperationException extends UseException
{
}

/** No such order, cursor or path here. */
class NotFoundException extends UseException
{
}

/** Over a size limit. */
class TooLargeException extends UseException
{
}

/** This machine: state file, directory, another thread or process. */
class LocalException extends FlxException
{
}

/** The state file could not be read, written or made; the message says why. */
class StateException extends LocalException
{
}

/** Another process or thread held the state for the whole wait; call again. */
class StateBusyException extends StateException
{
}

/** The state belongs to another channel, origin or user; nothing was sent. */
class IdentityException extends LocalException
{
}

/** The state directory or a file in it cannot be used: the message names each and what to do. */
class PathException extends LocalException
{
}

/** Another thread drives this client, or somebody else has the feed: who, says the message. */
class ClientBusyException extends LocalException
{
}

/** The object was opened before a fork; open a new one in the child. */
class ForkedException extends LocalException
{
}

/** The client's cancel was fired. */
class CanceledException extends LocalException
{
}

/** The rate limit file could not be used. */
class RateLimitException extends LocalException
{
}

/** Between this machine and the hub. */
class TransportException extends FlxException
{
}

/** The deadline of the call came first. */
class DeadlineException extends TransportException
{
}

/** The hub answered with an error, or with something that is not the contract. */
class HubException extends FlxException
{
}

/** 401 or 403: the token is wrong or of another kind; the channel is paused. */
class TokenException extends HubException
{
}

/** The hub or the budget asks to wait; see `retryAfterMs`. */
class ThrottledException extends HubException
{
}

/** An answer that is not what the contract says, such as HTML for JSON. */
class ContractException extends HubException
{
}

/** The hub repeats a page or has no end; the pull was stopped. */
class PagingException extends HubException
{
}

/** The hub refused this request: 400, 404, 409, 413, 422 and the like. */
class RefusedException extends HubException
{
}

/** The hub is failing; requests are held back until `retryAfterMs`. */
class UnavailableException extends HubException
{
}

/** A fault of this library; please report the message. */
class InternalException extends FlxException
{
}

// ---- end of what is made ----

/** This object was closed before. */
class ClosedException extends HandleException
{
}

/** The hub may have taken this write. Find out before you repeat it; the code says what went wrong. */
class PossiblyAppliedException extends FlxException
{
}

/** The library could not be loaded, or is not of this package's release. */
class LibraryException extends FlxException
{
}
