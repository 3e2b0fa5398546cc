"""The comparison's control: a loss and a double, planted at either side in each kind of line, have to be seen."""

from __future__ import annotations

import copy

from sides import KINDS, Side, differences, side

#: Sides that agree: two variants of a page, an order of both in two parcels.
INVENTED = {
    "parents": [("TEE", "Tee")],
    "variants": [("TEE-S", "TEE"), ("TEE-M", "TEE")],
    "prices": [("TEE-S", "19.90"), ("TEE-M", "21.00")],
    "quantities": [("TEE-S", 4), ("TEE-M", 0)],
    "statuses": [("TEE-S", "listed"), ("TEE-M", "hidden")],
    "orders": [("1001", "closed"), ("1002", "canceled")],
    "totals": [("1001", "60.80"), ("1002", "21.00")],
    "addresses": [
        ("1001", "Ines Calder", "17 Quarry Lane", "Ashford", "97520", "US", "ines@example.com"),
        ("1002", "Jun Hartono", "88 Cedar Court", "Boulder", "80302", "US", "jun@example.com")],
    "order lines": [("1001", "TEE-S", 2, "19.90"), ("1001", "TEE-M", 1, "21.00"), ("1002", "TEE-M", 1, "21.00")],
    "parcels": [("1001", "Parcel North", "T-1"), ("1001", "Parcel North", "T-2")],
    "parcel lines": [("1001", "T-1", "TEE-S", 2), ("1001", "T-2", "TEE-M", 1)],
}


def missed(shop: Side, hub: Side) -> "list[str]":
    """Plant each in a copy of two sides that agree; return what was not seen, or seen as something else."""
    unseen = []
    for kind in KINDS:
        line = min(shop[kind], default=None)
        for place in (0, 1):
            for what, by in (("loss", -1), ("double", 1)):
                name = f"a {what} among the {kind} at the {('shop', 'hub')[place]}"
                if line is None:
                    unseen.append(f"{name}: there is no line to plant it with")
                    continue
                sides = copy.deepcopy((shop, hub))
                sides[place][kind][line] += by
                heavier = ("shop", "hub")[place if by == 1 else 1 - place]
                wanted = {other: [f"{'  '.join(line)}: 1 too many at the {heavier}"] if other == kind else [] for other in KINDS}
                if differences(*sides) != wanted:
                    unseen.append(name)
    return unseen


def print_controls(shop: Side, hub: Side) -> bool:
    """Say how many of the planted were seen; return whether all were."""
    unseen = missed(shop, hub)
    count = 4 * len(KINDS)
    print(f"controls: {count - len(unseen)} of {count} planted losses and doubles were seen", *unseen, sep="\n    ")
    return not unseen


def print_invented() -> bool:
    invented = side(INVENTED)
    agreed = not any(differences(invented, side(INVENTED)).values())
    return print_controls(invented, side(INVENTED)) and agreed
