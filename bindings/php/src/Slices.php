<?php

declare(strict_types=1);

namespace Flxchannel;

/**
 * A long wait in short stays: between two of them PHP acts on its time limit, on signals, on whatever it has to.
 *
 * @internal
 */
final class Slices
{
    /** The longest single stay in the library. */
    private const SLICE_MS = 200;

    private readonly ?int $end;

    /** The slices of one call of the host, which has `$waitMs` in all; null is without end. */
    public function __construct(?int $waitMs)
    {
        $this->end = $waitMs === null ? null : hrtime(true) + $waitMs * 1_000_000;
    }

    /** What is left of the time; of one without end, more than a slice. */
    public function leftMs(): int
    {
        return $this->end === null ? 10 * self::SLICE_MS : max(0, intdiv($this->end - hrtime(true), 1_000_000));
    }

    /** How long the next stay may be. */
    public function stayMs(): int
    {
        return min($this->leftMs(), self::SLICE_MS);
    }

    /** How long a flush rests before its next slice, in ms; null if the one with this report was the last. */
    public function restAfter(array $report): ?int
    {
        $left = $this->leftMs();
        if ($left === 0) {
            return null;
        }
        if ($report['waits_for'] === 'rate_limit') {
            return 1; // who waits for a slot keeps its turn only by asking, be the slot beyond this call or not
        }
        // The library would wait for what is due within the time; we wait for it where PHP's limits count.
        $due = $report['next_in_ms'];
        return $due >= 0 && $due <= $left ? max(1, $due) : null;
    }

    /** Waits outside of the library, for a slice at most. */
    public function rest(int $ms): void
    {
        usleep(min($ms, self::SLICE_MS) * 1000);
    }
}
