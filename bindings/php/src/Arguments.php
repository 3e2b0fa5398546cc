<?php

declare(strict_types=1);

namespace Flxchannel;

/**
 * What has to be so before a value may cross the border to C, which would cut or misread it in silence.
 *
 * @internal
 */
final class Arguments
{
    public static function int32(int $value, string $name): int
    {
        return abs($value) < 2 ** 31 ? $value : throw ArgumentException::because("$value is more than 32 bits", $name);
    }

    public static function size(int $value, string $name): int
    {
        return $value >= 0 ? $value : throw ArgumentException::because("$value is below 0", $name);
    }

    /** The number of a feed, which may be given by its name. */
    public static function feed(Feed|string $feed): int
    {
        if ($feed instanceof Feed) {
            return $feed->value;
        }
        $named = Feed::named($feed);
        if ($named !== null) {
            return $named->value;
        }
        $known = array_map(fn (Feed $case): string => $case->text(), Feed::cases());
        usort($known, fn (string $a, string $b): int => levenshtein($feed, $a) <=> levenshtein($feed, $b));
        $shown = substr($feed, 0, 50);
        throw ArgumentException::because("there is no feed \"$shown\"; did you mean \"$known[0]\"", 'feed');
    }
}
