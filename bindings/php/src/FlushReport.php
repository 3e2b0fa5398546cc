<?php

declare(strict_types=1);

namespace Flxchannel;

/** What a flush did, and why it ended. Counts are of this call; `json` is the library's report of its last slice. */
final class FlushReport
{
    /** Codes::OK: nothing is left that could be sent now or soon; Codes::AGAIN: more to do; Codes::BUSY: others do it. */
    public readonly int $outcome;
    public readonly int $sent;
    public readonly int $applied;
    public readonly int $refused;
    public readonly int $possiblyApplied;
    public readonly int $givenUp;
    public readonly int $answersSent;
    /** When it makes sense to call again; null if nothing is left. */
    public readonly ?int $nextInMs;
    /** What for, in a word and in a sentence; null if for nothing. */
    public readonly ?string $waitsFor;
    public readonly ?string $paused;
    public readonly array $json;

    /** @param non-empty-list<array> $slices */
    public function __construct(int $outcome, array $slices)
    {
        $total = fn (string $name): int => array_sum(array_column($slices, $name));
        $this->outcome = $outcome;
        $this->sent = $total('sent');
        $this->applied = $total('applied');
        $this->refused = $total('refused');
        $this->possiblyApplied = $total('possibly_applied');
        $this->givenUp = $total('given_up');
        $this->answersSent = $total('answers_sent');
        $this->json = $slices[array_key_last($slices)];
        $this->nextInMs = $this->json['next_in_ms'] < 0 ? null : $this->json['next_in_ms'];
        $this->waitsFor = $this->json['waits_for'] ?: null;
        $this->paused = $this->json['paused'] ?: null;
    }
}
