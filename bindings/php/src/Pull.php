<?php

declare(strict_types=1);

namespace Flxchannel;

/**
 * One walk over a feed: an iterator of pages.
 *
 *     foreach ($client->pull('orders') as $page) {
 *         store($page);
 *         $page->commit();
 *     }
 *
 * Iterating goes on until the end of the feed is proven and throws what waiting cannot mend. A pull that is left half way
 * lets its feed go when nothing refers to it any more, as after the loop above, or by `close`. A program that has only so much
 * time takes `pages` and looks at `isDone`.
 *
 * @implements \IteratorAggregate<int, Page>
 */
final class Pull extends Handle implements \IteratorAggregate
{
    protected const NOUN = 'pull';
    protected const CLOSE = 'pullClose';

    private bool $isDone = false;

    /** @internal */
    public function __construct(Backend $backend, object $handle, private readonly Client $client)
    {
        parent::__construct($backend, $handle);
    }

    /** Whether the end of the feed was proven: there was nothing left to give. */
    public function isDone(): bool
    {
        return $this->isDone;
    }

    /** The next page, or null: not within `$waitMs`, or never because the pull is done. */
    public function next(int $waitMs = -1): ?Page
    {
        return Arguments::int32($waitMs, 'waitMs') < 0 ? $this->stay($waitMs) : $this->within(new Slices($waitMs));
    }

    /** Pages for at most `$waitMs`, null for as long as it takes; `isDone` says whether that was the end of the feed. */
    public function pages(?int $waitMs): \Generator
    {
        $slices = new Slices($waitMs);
        while (($page = $this->within($slices)) !== null) {
            yield $page;
            unset($page);
        }
    }

    public function getIterator(): \Generator
    {
        return $this->pages(null);
    }

    /** Says that the shop has stored `$page` (cursor feeds). */
    public function commit(Page $page): void
    {
        $this->ask('pullCommit', $page->handle());
    }

    protected function afterwards(): void
    {
        $this->client->afterwards();
    }

    private function within(Slices $slices): ?Page
    {
        do {
            $page = $this->isDone ? null : $this->stay($slices->stayMs());
        } while ($page === null && !$this->isDone && $slices->leftMs() > 0);
        return $page;
    }

    private function stay(int $waitMs): ?Page
    {
        $came = $this->ask('pullNext', $waitMs);
        if (is_object($came)) {
            return new Page($this->backend, $came, $this);
        }
        $this->isDone = $came === Codes::DONE;
        return null;
    }
}
