"""Pictures of listings, fetched once each and kept by the hub's ids."""

from __future__ import annotations

import hashlib
import io
from http.client import HTTPException
from time import monotonic
from typing import Any, Dict, Union
from urllib import request

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.module_loading import import_string
from oscar.core.loading import get_model
from PIL import Image as Picture

from flxchannel import Image, ListingParent, ListingVariant

from . import Unfit

ProductImage = get_model("catalogue", "ProductImage")

MOST_BYTES, MOST_S = 10_000_000, 30
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")

Pictured = Union[ListingParent, ListingVariant]
Contents = Dict[str, "ContentFile[bytes]"]


def fetched(address: str) -> bytes:
    """The bytes of a picture. `FLXCHANNEL_PICTURES` names another function, for a shop that gets them otherwise."""
    opener = request.OpenerDirector()  # by https alone, wherever it is led on to: the address is somebody else's
    opener.add_handler(request.HTTPSHandler())
    opener.add_handler(request.HTTPRedirectHandler())
    opener.add_handler(request.HTTPErrorProcessor())
    opener.add_handler(request.HTTPDefaultErrorHandler())
    opener.add_handler(request.UnknownHandler())
    content, ends = b"", monotonic() + MOST_S
    try:
        with opener.open(address, timeout=10) as answer:
            while part := answer.read1(65536):
                content += part
                if len(content) > MOST_BYTES or monotonic() > ends:
                    raise Unfit(f"picture {address} has more than {MOST_BYTES} bytes, or takes more than {MOST_S} seconds")
    except (OSError, HTTPException, ValueError) as why:
        raise Unfit(f"picture {address} could not be fetched: {why}") from why
    return content


def fetch_new(*listings: Pictured) -> Contents:
    """Fetch the pictures that the shop has not yet, by their codes.

    Before a transaction is begun: no checkout waits for the database while the database waits for a server of pictures.
    """
    wanted = {code: image for listing in listings for code, image in _pictures(listing).items()}
    known = set(ProductImage.objects.filter(code__in=wanted).values_list("code", flat=True))
    return {code: _picture(image) for code, image in wanted.items() if code not in known}


def store_pictures(product: Any, listing: Pictured, new: Contents) -> None:
    """Let a product have the pictures of its listing, in their order; what a person added here stays."""
    here = {picture.code: picture for picture in product.images.all()}
    for place, code in enumerate(_pictures(listing)):
        picture = here.pop(code, None)
        if picture is None:
            ProductImage.objects.create(product=product, code=code, original=new[code], display_order=place)
        elif picture.display_order != place:
            ProductImage.objects.filter(pk=picture.pk).update(display_order=place)
    for code, picture in here.items():
        if code and code.startswith("flx-"):
            picture.delete()


def _pictures(listing: Pictured) -> "Dict[str, Image]":
    """The pictures of a listing in their order, by codes that no other listing has: two may show the same picture."""
    of = "page" if isinstance(listing, ListingParent) else "variant"
    return {
        f"flx-{of}-{listing.id}-{hashlib.sha256(f'{image.id} {image.hash or image.url}'.encode()).hexdigest()[:32]}": image
        for image in sorted(listing.images, key=lambda one: one.sort_order or 0)
    }


def _picture(image: Image) -> "ContentFile[bytes]":
    """What is behind an address, if it is a picture that browsers show."""
    fetch = import_string(getattr(settings, "FLXCHANNEL_PICTURES", f"{__name__}.fetched"))
    content = fetch(image.url or "")
    try:
        with Picture.open(io.BytesIO(content), formats=FORMATS) as seen:
            kind = str(seen.format).lower()
    except (OSError, ValueError, Picture.DecompressionBombError) as why:
        raise Unfit(f"what is at {image.url} is no picture: {', '.join(FORMATS)} are") from why
    return ContentFile(content, name=f"{image.id}.{kind}")
