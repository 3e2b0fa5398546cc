<?php

declare(strict_types=1);

namespace Flxchannel;

/** The names that the library has for the cases of an enum: ListingsToSync is "listings_to_sync". */
trait Named
{
    public function text(): string
    {
        return strtolower(preg_replace('/(?<!^)[A-Z]/', '_$0', $this->name));
    }

    /** The case of a name, or null if there is none. */
    public static function named(string $text): ?self
    {
        foreach (self::cases() as $case) {
            if ($case->text() === $text) {
                return $case;
            }
        }
        return null;
    }
}
