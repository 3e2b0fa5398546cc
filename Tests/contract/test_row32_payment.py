"""Contract section 9, row 32: what an order counts as that says nothing of its payment. The client is right under every setting."""

from __future__ import annotations

from unknowns import row

OWN = 501


@row(32)
def test_settings_of_the_channel_can_be_read_with_its_token(hub, open_shop, row):
    channel = open_shop().client.call("getChannelById", id=OWN)["body"]

    assert (channel["channelInvoiceDefaultStatus"], channel["autoGeneratePoOnImport"]) == ("Paid", True)
