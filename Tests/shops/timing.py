"""How long a checkout takes with the channel and without it, in turns, in the same shop."""

from __future__ import annotations

from statistics import median

from shop import Shop

AIM = 1.2


def print_checkouts(shop: Shop, sku: str, times: int = 50) -> None:
    """Print both medians and their ratio. A figure, not a test: another program on the machine may spoil it."""
    for with_channel in (True, False):
        shop.checkout_ms(sku, with_channel)  # the first one loads what the others find loaded
    took: "dict[bool, list[float]]" = {True: [], False: []}
    for _ in range(times):
        for with_channel, times_ms in took.items():
            times_ms.append(shop.checkout_ms(sku, with_channel))
    with_it, without = median(took[True]), median(took[False])
    print(
        f"checkout, median of {times} in turns: {with_it:.1f} ms with the channel, {without:.1f} ms without it,"
        f" ratio {with_it / without:.2f} (aim {AIM})")
