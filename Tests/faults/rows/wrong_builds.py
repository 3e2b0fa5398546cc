"""Controls by builds that are wrong: each row must refuse a library that is wrong in what the row is about."""

from __future__ import annotations

import re

from rig.books import Books
from rig.ground import Ground
from rig.judging import faults, order
from rig.register import Show, control
from rows import (
    budgets,
    evidence,
    file_systems,
    identity,
    kills,
    late_parcels,
    learnt,
    long_lists,
    lowest_room,
    many_processes,
    mending,
    parcel_orders,
    stored_numbers,
    their_words,
    unheeded_bound,
    waiting,
    waits_that_end,
    whose_order,
)
from rows.http import refusals
from rows.process import strange_hosts
from rows.rate import resting
from rows.rate.small_shop import small_shop
from rows.rounds import at_once, parts, removals, replies
from rows.state_files import releases

WRONG: "list[tuple[str, str, Show, str]]" = [
    # What the build does wrong, its name in broken.py, the row that must see it, and what the row must say.
    ("I-01: a reference is taken for a number", "credulous", whose_order.reference_of_another, "the hub has none|not applied"),
    ("I-02: numbers are compared as letters", "credulous", whose_order.same_letters_other_bytes, "the hub has none|2 rows"),
    ("I-03: one hub order for several rows", "credulous", whose_order.one_id_for_three, "stands for [23] rows"),
    ("I-04: an older order is taken without a look", "credulous", whose_order.somebody_elses, "another buyer's.*applied"),
    ("I-05: lines decide whose order it is", "credulous", whose_order.other_lines, "not applied"),
    ("I-06: a 2xx with another spelling is not believed", "credulous", whose_order.own_spelling, "(posted|looked up) [0-9]+ times"),
    ("I-08: what was made since is ours", "hasty", whose_order.of_the_same_second, "another buyer's order is applied"),
    ("E-07: any 4xx is a no", "credulous", evidence.gateways_word, "new content was taken|is refused|was posted 2 times"),
    ("E-01: words are evidence", "credulous", evidence.words, "not refused"),
    ("E-02: nobody waits for what travels", "credulous", evidence.a_dead_workers_request, "[23] orders at the hub"),
    ("E-03: a state put back is not noticed", "credulous", evidence.put_back, "2 orders at the hub"),
    ("E-05: a good status is good news", "credulous", evidence.failed_batch, "'1003': 'applied'"),
    ("E-06: what cannot be read is not there", "credulous", evidence.lookups, "posted [0-9]+ times beside a record"),
    ("O-01: new content although the first may be there", "credulous", mending.other_content, "taken:|posted:"),
    ("O-02: a number goes with the buyer's data", "credulous", late_parcels.late_parcels, "parcels of \\[None|numbers of"),
    ("O-03: blanked without a look at its state", "credulous", mending.retried_while_cleared, "never end|have no number"),
    ("O-04: a number is a number", "credulous", parcel_orders.of_another_channel, "is another channel's"),
    ("P-20: asked until it answers", "credulous", parcel_orders.poison, "holds all up"),
    ("K-01: revised in doubt", "credulous", kills.mended_at_a_hub_that_does_not, "different bytes|has content|2 orders at the hub"),
    ("E-08: no witness is asked for", "hasty", evidence.many_since, "read the orders since"),
    ("E-04: one order in doubt holds up all", "hasty", evidence.no_channel_told, "held them up"),
    ("W-01: any token will do", "hasty", identity.copied_shop, "sent with the token of another channel"),
    ("W-03: a call does not ask", "hasty", identity.tokens_that_are_hard_to_tell, "sent with the token of another channel"),
    ("W-02: one witness is enough", "hasty", identity.one_wrong_word, "'listings_to_sync': 0|ours is 999"),
    ("L-01: one Date is believed", "hasty", learnt.wrong_date, "in the future|not given"),
    ("L-02: a pool may say anything", "hasty", learnt.odd_pools, "has not left|do not say why"),
    ("L-03: a hint may say anything", "hasty", learnt.hints, "are the most"),
    ("R-12: a quarter of the pool is kept", "hasty", small_shop, "of the pool was used"),
    ("P-21: an end that nobody read", "hasty", unheeded_bound.whole_list_each_time, "after 0 pages|without a request"),
    ("V-01: again although nothing can be done", "hasty", waiting.obedient_hosts, "calls in|not over|processor time"),
    ("V-02: a wait that says nothing", "hasty", waiting.cheap_waits, "processor time|nothing says why"),
    ("V-03: a wait of a clock that was ahead", "hasty", waits_that_end.clock_set_back, "come back in|is sending|is queued possibly_applied"),
    ("V-04: a breaker is no failure", "hasty", waits_that_end.gives_up, "'name': ''"),
    ("D-19: modes stay as they are", "careless-ground", file_systems.widened_modes, "still open to others"),
    ("D-25: whoever else uses it", "careless-ground", file_systems.directories_that_serve_others, "not refused|taken from others"),
    ("D-20: what is served is refused untried", "careless-ground", file_systems.matrix, "refused or failed"),
    ("D-21: locks are believed", "careless-ground", file_systems.locks_that_lie, "not refused"),
    ("D-22: any parent will do", "careless-ground", file_systems.parents_that_all_can_write, "not refused"),
    ("D-23: a large file is believed", "careless-ground", stored_numbers.large_file_with_a_changed_byte, "was not noticed"),
    ("D-24: a number may be any", "careless-ground", stored_numbers.numbers_at_their_end, "ended by a stored number|handed to the host"),
    ("K-14: a descriptor is a descriptor", "careless-ground", lowest_room.without_standard_streams, "in the place of a standard stream"),
    ("K-15: no name is another boot", "careless-ground", lowest_room.one_does_not_see_the_boot, "only \\["),
    ("K-16: zeros are a key", "careless-ground", lowest_room.no_random_bytes, "not refused|a key was stored"),
    ("K-17: closed beside a fork", "careless-ground", lowest_room.fork_beside_a_close, "children hung"),
    ("K-17: a handle made beside a fork", "careless-ground", lowest_room.fork_beside_a_new_handle, "children hung"),
    ("K-17: a first call beside a fork", "careless-ground", lowest_room.fork_beside_a_first_call, "children hung"),
    ("J-20: names that collide are compared", "lavish", budgets.names_that_collide, "times what bytes do"),
    ("J-21: views without a bound", "lavish", budgets.views_of_empty_objects, "views took [0-9]+ MB"),
    ("J-22: all that is allowed is reserved", "lavish", budgets.no_memory_for_a_body, "the host ended with -[0-9]+"),
    ("J-23: each reading is kept", "lavish", budgets.a_value_read_again, "reads of 3 KB kept [0-9]+ MB"),
    ("J-24: a page is read to its end", "lavish", budgets.a_page_that_takes_longer_than_the_call, "one call of 2 ms took"),
    ("S-20: cut before it is hidden", "lavish", their_words.a_token_that_is_echoed, "parts of the token are shown"),
    ("S-21: the environment is obeyed", "lavish", their_words.tls_secrets_asked_for_by_the_environment, "bytes of secrets"),
    ("S-22: the hub's words in the message", "lavish", their_words.buyers_in_the_hubs_words, "stands in"),
    ("Y-02: a reply is not looked at", "careless-rounds", replies.wrong_answers, "was taken"),
    ("Y-03: busy is a failure", "careless-rounds", at_once.two_rounds, "beside a round that is at it"),
    ("Y-04: what a read lacked is gone", "careless-rounds", removals.poor_reads, "are at the hub"),
    ("Y-05: one part's failure ends the round", "careless-rounds", parts.part_that_fails, "FLX_E_REFUSED"),
    ("Y-05: replies are lost with a close", "careless-rounds", parts.ends_in_the_midst, "0 of them were answered"),
    ("D-26: a file is looked at once", "of-before", releases.upgraded_under_a_reader, "after a step that forbids it"),
    ("H-30: a write without a body has a form's type", "of-before", refusals.writes_without_a_body, "some have a type.*x-www-form-urlencoded"),
    ("K-11: errno is SQLite's", "of-before", strange_hosts.strange_hosts, "left is [0-9]+, not 4711"),
    ("M-08: any two openings prove", "of-before", many_processes.lock_file_replaced_while_opened, "locks that hold are said not to"),
    ("P-22: each pull begins anew", "of-before", long_lists.cron_slices, "orders after 20 pulls"),
    ("R-13: an order waits no longer than a poll", "of-before", resting.rests_between_slices, "polls had slots"),
    ("R-13: a slot that was told of is not kept", "of-before", resting.comes_back_as_told, "polls had slots"),
    ("R-13: what is due to polls is due to any", "of-before", resting.beside_callers, "questions had slots"),
    ("Y-06: left out is counted with what is given", "of-before", parts.rows_of_other_channels, "left out of each"),
]


ROUNDS = 3
"""How often a row is run until it says so: some meet what is wrong by chance."""


def refused(show: Show, ground: Ground, says: str) -> str:
    """Run a row against a library that is wrong; it must say so, in words that show that it saw what is wrong."""
    place = ground.folder
    for number in range(ROUNDS):
        ground.folder = place / f"round-{number}"
        ground.folder.mkdir(mode=0o700)
        try:
            show(ground)
        except AssertionError as error:
            assert (seen := re.search(says, str(error))), f"it failed for another reason: {error}"
            return f"seen: ...{str(error)[max(0, seen.start() - 60) : seen.end() + 60]}..."
    raise AssertionError("a library that is wrong passed the row")


def register(name: str, built: str, show: Show, says: str) -> None:
    @control(name, built=built, waits=True, timeout_s=900)
    def is_seen(ground: Ground) -> str:
        return refused(show, ground, says)


for one in WRONG:
    register(*one)


@control("whose order: made wrong by hand", set="core", waits=True)
def by_hand(ground: Ground) -> str:
    """The checker of this section sees what is wrong in rows and books that were made wrong by hand."""
    hub = Books()
    first, second = hub.put(order("X-1"))["id"], hub.put(order("X-2"))["id"]
    hub.put(order("X-2"))
    good = {"message": "", "code": ""}
    rows = [
        {"number": "X-1", "verdict": "applied", "order_id": str(first), **good}, {"number": "X-3", "verdict": "applied", "order_id": str(first), **good},
        {"number": "X-2", "verdict": "refused", "order_id": str(second), **good}]
    found = faults(hub, rows)
    for expected in ("'X-2' is 2 orders", "'X-3' is applied as 5001, the hub has none", "'X-2' is refused", "5001 stands for 2 rows"):
        assert any(expected in one for one in found), f"the checker does not see: {expected}; it saw {found}"
    assert not faults(hub, rows[:1], twice=["X-2"])
    return f"seen: {len(found)} faults, and none in what is right"
