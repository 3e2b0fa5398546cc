"""What the merchant has to put right at the hub."""


class Unfit(Exception):
    """This shop cannot have a listing as it is; the text says why, and stands beside the listing at the hub."""
