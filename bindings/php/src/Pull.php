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

    /** A page that came and was not yet taken, also because a signal handler threw meanwhile; else why there is none. */
    private object|int|null $came = null;

    /** @internal */
    public function __construct(Backend $backend, object $handle, private readonly Client $client)
    {
        parent::__construct($backend, $handle);
    }

    /** Whether the end of the feed was proven: there was nothing left to give. */
    public function isDone(): bool
    {
        return $this->came === Codes::DONE;
    }

    /** The next page, or null: not within `$waitMs`, or never because the pull is done. */
    public function next(int $waitMs = -1): ?Page
    {
        Arguments::int32($waitMs, 'waitMs') < 0 ? $this->come($waitMs) : $this->comeWithin(new Slices($waitMs));
        return $this->taken();
    }

    /** Pages for at most `$waitMs`, null for as long as it takes; `isDone` says whether that was the end of the feed. */
    public function pages(?int $waitMs): \Generator
    {
        $slices = new Slices($waitMs);
        while (true) {
            $this->comeWithin($slices);
            $page = $this->taken();
            if ($page === null) {
                return;
            }
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

    private function comeWithin(Slices $slices): void
    {
        do {
            $this->isDone() || $this->come($slices->stayMs());
        } while (!is_object($this->came) && !$this->isDone() && $slices->leftMs() > 0);
    }

    /** Lets a page come, unless one is there. */
    private function come(int $waitMs): void
    {
        is_object($this->came) || $this->askInto($this->came, 'pullNext', $waitMs);
    }

    /** Nothing is called behind the step that lets it go: an exception could come there. */
    private function taken(): ?Page
    {
        if (!is_object($this->came)) {
            return null;
        }
        $page = new Page($this->backend, $this->came, $this);
        $this->came = null;
        return $page;
    }
}
