"""Pictures of listings, fetched once each and kept by the hub's ids."""

from __future__ import annotations

import urllib.request
from typing import Any, Iterable

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.module_loading import import_string
from oscar.core.loading import get_model

from flxchannel import Image

from .unfit import Unfit

ProductImage = get_model("catalogue", "ProductImage")

MOST_BYTES = 10_000_000


def fetched(address: str) -> bytes:
    """The bytes of a picture. `FLXCHANNEL_PICTURES` names another function, for a shop that gets them otherwise."""
    if not address.startswith("https://"):
        raise Unfit(f"the address of picture {address} does not begin with https")
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            content: bytes = answer.read(MOST_BYTES + 1)
    except OSError as why:
        raise Unfit(f"picture {address} could not be fetched: {why}") from why
    if len(content) > MOST_BYTES:
        raise Unfit(f"picture {address} has more than {MOST_BYTES} bytes")
    return content


def store_pictures(product: Any, images: "Iterable[Image]") -> None:
    """Let a product have these pictures, in this order, and no others."""
    fetch = import_string(getattr(settings, "FLXCHANNEL_PICTURES", f"{__name__}.fetched"))
    kept = {picture.code: picture for picture in product.images.all()}
    for place, image in enumerate(sorted(images, key=lambda one: one.sort_order or 0)):
        code = f"flx-{image.id}-{image.hash}"
        picture = kept.pop(code, None)
        if picture is None:
            content = ContentFile(fetch(image.url or ""), name=f"{image.id}.png")
            ProductImage.objects.create(product=product, code=code, original=content, display_order=place)
        elif picture.display_order != place:
            ProductImage.objects.filter(pk=picture.pk).update(display_order=place)
    for picture in kept.values():
        if picture.code and picture.code.startswith("flx-"):  # what a person added here stays
            picture.delete()
