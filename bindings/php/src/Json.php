<?php

declare(strict_types=1);

namespace Flxchannel;

/**
 * JSON both ways without a float.
 *
 * What the hub wrote as a decimal number comes in as its own text: money and measures always ("20", "19.990"), any other
 * number where it has a fraction or an exponent. Other whole numbers are int, and text where an int cannot hold them.
 */
final class Json
{
    // ---- made from tables/listings.toml, orders.toml by `make generate`: edit there, not here ----
    private const DECIMALS = 'cost|dropshipFee|dynamicCost|dynamicMap|dynamicMsrp|dynamicPrice'
        . '|height|length|map|msrp|orderTotal|price'
        . '|refundedAmount|salesPrice|shippingCost|weight|width';
    // ---- end of what is made ----

    /** As the library counts them. */
    private const LEVELS = 64;

    /** Escapes that make it hard to see where a text ends, and what stands for them: no JSON has such a byte. */
    private const ESCAPES = ['\\\\', '\\"'];
    private const MARKS = ["\1", "\2"];

    /** Numbers that become text: the value of a decimal member; nothing within text; what has a fraction or an exponent. */
    private const INEXACT = '~"(?:' . self::DECIMALS . ')"\s*+:\s*+\K-?\d++(?:\.\d++)?+(?:[eE][+-]?\d++)?+'
        . '|"[^"]*+"(*SKIP)(*FAIL)'
        . '|-?\d++(?:\.\d++(?:[eE][+-]?\d++)?+|[eE][+-]?\d++)~';

    /** Reads what the library says of itself. */
    public static function decode(string $json): mixed
    {
        return json_decode($json, true, 512, JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING);
    }

    /** Reads what the hub wrote, each number exactly. */
    public static function exact(string $json): mixed
    {
        $exact = preg_replace(self::INEXACT, '"$0"', str_replace(self::ESCAPES, self::MARKS, $json))
            ?? throw InternalException::because(preg_last_error_msg());
        return self::decode(str_replace(self::MARKS, self::ESCAPES, $exact));
    }

    /** Writes JSON. Text is taken for JSON and passes as it is: the library is the one who judges it. */
    public static function encode(#[\SensitiveParameter] mixed $value): string
    {
        return is_string($value) ? $value : self::value($value);
    }

    /** Writes a value, also one that is text. */
    public static function value(#[\SensitiveParameter] mixed $value): string
    {
        return json_encode(self::plain($value, '', 0), JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
    }

    /** What JSON has an exact form for; the rest is refused with its path. */
    private static function plain(#[\SensitiveParameter] mixed $value, string $path, int $level): mixed
    {
        if ($level > self::LEVELS) {
            throw JsonException::because('more than ' . self::LEVELS . ' levels deep; something may hold itself', $path);
        }
        if (is_array($value)) {
            $members = [];
            foreach ($value as $key => $member) {
                self::text((string) $key, $path);
                $members[$key] = self::plain($member, "$path/$key", $level + 1);
            }
            return $members;
        }
        return match (true) {
            is_string($value) => self::text($value, $path),
            $value === null, is_bool($value), is_int($value) => $value,
            $value instanceof \JsonSerializable => self::plain($value->jsonSerialize(), $path, $level + 1),
            $value instanceof \DateTimeInterface => $value->format((int) $value->format('u') === 0 ? DATE_ATOM : 'Y-m-d\TH:i:s.uP'),
            $value instanceof \BackedEnum => $value->value,
            $value instanceof \stdClass => (object) self::plain((array) $value, $path, $level),
            $value instanceof \Stringable => self::text((string) $value, $path),
            is_float($value) => throw ArgumentException::because(
                'money is decimal text, and other numbers are whole: a float is not exact; write "19.99"',
                $path
            ),
            default => throw ArgumentException::because(get_debug_type($value) . ' has no form in JSON', $path),
        };
    }

    private static function text(#[\SensitiveParameter] string $text, string $path): string
    {
        return preg_match('//u', $text) === 1 ? $text : throw Utf8Exception::because('this text is not UTF-8', $path);
    }
}
