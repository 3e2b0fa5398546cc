"""Listings become products."""

from __future__ import annotations

from decimal import Decimal
from unittest import mock

from django.db import connection
from django.test import override_settings
from oscar.core.loading import get_model

from .. import Unfit, listings, pictures, products
from ..models import Listing
from .case import Basket, Product, Selector, WithChannel, a_picture, change, mug, page, publish, stock, sync, tee, unit

Category = get_model("catalogue", "Category")


def picture_and_depth(address: str) -> bytes:
    DEPTHS.append(len(connection.savepoint_ids))
    return a_picture(address)


DEPTHS: "list[int]" = []


class ListingTests(WithChannel):
    def test_a_listing_becomes_a_page_with_its_variants(self) -> None:
        shown = page("TEE")

        self.assertEqual(self.answer["externalId"], str(shown.pk))
        self.assertEqual([one["id"] for one in self.answer["variants"]], ["70", "71"])
        self.assertEqual(shown.description, "<p>Soft</p>")
        self.assertEqual([one.full_name for one in shown.categories.all()], ["Clothing > Shirts"])
        self.assertEqual(shown.images.count(), 1)
        self.assertTrue(shown.is_public)
        self.assertEqual(unit("TEE-M").attr.flx_size, "M")
        self.assertEqual(stock("TEE-M").price, Decimal("21.00"))

    def test_the_same_again_changes_nothing(self) -> None:
        counts = Product.objects.count(), Category.objects.count(), page("TEE").images.get().pk

        self.assertEqual(publish(tee()), self.answer)

        self.assertEqual((Product.objects.count(), Category.objects.count(), page("TEE").images.get().pk), counts)

    def test_a_page_and_its_variant_may_have_one_sku(self) -> None:
        self.assertNotIn("error", publish(mug()))
        self.assertEqual(unit("MUG").parent, page("MUG"))

    def test_a_sku_that_changes_leaves_no_stock_behind(self) -> None:
        self.assertIsNone(sync(70, sku="TEE-XS", quantity=4))

        self.assertEqual([(one.partner_sku, one.num_in_stock) for one in unit("TEE-XS").stockrecords.all()], [("TEE-XS", 4)])

    def test_stock_that_a_checkout_sets_aside_meanwhile_stays_set_aside(self) -> None:
        with mock.patch.object(products, "_must_fit", lambda *_: stock("TEE-S").allocate(2)):  # between reading and writing it
            sync(70, quantity=5)

        self.assertEqual((stock("TEE-S").num_in_stock, stock("TEE-S").num_allocated), (5, 2))

    def test_what_the_shop_cannot_have_is_told_to_the_merchant(self) -> None:
        self.assertIn("19.905", sync(70, price=Decimal("19.905"))["error"])
        self.assertIn("255", publish(tee(title="T" * 256))["error"])
        self.assertIn("greater than or equal to 0", sync(70, quantity=-1)["error"])
        self.assertEqual((stock("TEE-S").price, stock("TEE-S").num_in_stock), (Decimal("19.90"), 9))
        self.assertEqual(page("TEE").title, "Tee")

    def test_a_upc_that_another_product_has_is_told_to_the_merchant(self) -> None:
        self.assertNotIn("error", publish(mug(upc="4006381333931")))
        record = tee()
        record["variants"][0]["upc"] = "4006381333931"

        self.assertIn("UPC", publish(record)["error"])

    def test_a_missing_quantity_is_not_zero(self) -> None:
        self.assertIsNone(sync(70, quantity=None, price=Decimal("18.00")))
        self.assertEqual((stock("TEE-S").num_in_stock, stock("TEE-S").price), (9, Decimal("18.00")))

    def test_what_is_hidden_is_in_no_basket_and_what_is_listed_is_back(self) -> None:
        basket = Basket.objects.create()
        basket.strategy = Selector().strategy()
        basket.add_product(unit("TEE-S"), 1)

        self.assertIs(change(70, "hidden"), True)
        self.assertFalse(unit("TEE-S").is_public)
        self.assertTrue(page("TEE").is_public)
        self.assertEqual(basket.lines.count(), 0)

        self.assertIs(change(71, "delisted"), True)
        self.assertFalse(page("TEE").is_public)

        self.assertIs(change(70, "listed"), True)
        self.assertTrue(unit("TEE-S").is_public and page("TEE").is_public)

    def test_what_is_to_go_goes_though_it_is_unfit(self) -> None:
        unfit = Decimal("19.905")

        self.assertIs(change(70, "hidden", price=unfit), True)
        self.assertFalse(unit("TEE-S").is_public)

        self.assertIs(change(99, "hidden", sku="NEVER-HERE", price=unfit), True)
        self.assertIn("19.905", change(99, "listed", sku="NEVER-HERE", price=unfit)["error"])
        self.assertFalse(Listing.objects.filter(hub_id="99").exists())

    def test_what_is_neither_listed_nor_hidden_is_not_for_sale(self) -> None:
        self.assertIs(change(70, "not_listed"), True)
        self.assertFalse(unit("TEE-S").is_public)

    def test_what_is_published_again_brings_no_older_price(self) -> None:
        """Of two workers one has a page of listings to publish since a minute, and the other has synced them meanwhile."""
        sync(70, price=Decimal("17.00"), quantity=1)

        self.assertNotIn("error", publish(tee()))

        self.assertEqual((stock("TEE-S").price, stock("TEE-S").num_in_stock), (Decimal("17.00"), 1))

    def test_what_is_gone_is_not_for_sale_until_it_is_back(self) -> None:
        listings.take_down({"type": "gone", "event": 4, "id": "70", "sku": "TEE-S"})
        self.assertFalse(unit("TEE-S").is_public)
        self.assertEqual(Listing.objects.get(kind="variant", hub_id="70").status, "gone")

        sync(70)
        self.assertTrue(unit("TEE-S").is_public)

    def test_attributes_may_have_any_name_and_leave_with_the_listings(self) -> None:
        named = [("Save", "20 %"), ("材質", "棉"), ("颜色", "红"), ("3D", "no")]
        attributes = [{"id": at, "name": name, "value": value} for at, (name, value) in enumerate(named)]
        self.assertNotIn("error", publish(tee(attributes=attributes)))
        self.assertEqual({each.value for each in page("TEE").attr}, {"Alder", "20 %", "棉", "红", "no"})

        self.assertNotIn("error", publish(tee(attributes=attributes[:1])))
        self.assertEqual({each.value for each in page("TEE").attr}, {"Alder", "20 %"})


class PictureTests(WithChannel):
    def test_two_listings_may_show_one_picture_and_it_leaves_with_each(self) -> None:
        image = tee()["images"]
        self.assertNotIn("error", publish(mug(images=image)))
        self.assertEqual((page("TEE").images.count(), unit("MUG").images.count()), (1, 1))

        publish(tee(images=[]))
        self.assertEqual((page("TEE").images.count(), unit("MUG").images.count()), (0, 1))

    def test_no_transaction_is_open_while_a_picture_is_fetched(self) -> None:
        DEPTHS.clear()
        with override_settings(FLXCHANNEL_PICTURES=f"{__name__}.picture_and_depth"):
            publish(tee(images=[{"id": 6, "url": "https://img.example/2", "hash": "b"}]))

        self.assertEqual(DEPTHS, [len(connection.savepoint_ids)])

    @override_settings(FLXCHANNEL_PICTURES="flxchannel_oscar.tests.case.no_picture")
    def test_what_is_no_picture_is_told_to_the_merchant(self) -> None:
        answer = publish(tee(images=[{"id": 6, "url": "https://img.example/2", "hash": "b"}]))

        self.assertIn("https://img.example/2 is no picture", answer["error"])
        self.assertEqual(page("TEE").images.count(), 1)

    def test_an_address_of_another_scheme_is_not_fetched(self) -> None:
        for address in ("http://127.0.0.1:9/x", "file:///etc/hostname", "", "https://[half"):
            with self.assertRaises(Unfit):
                pictures.fetched(address)
