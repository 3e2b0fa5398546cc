"""A django-oscar shop as a channel of the hub. What a shop has to set is in the README."""


class Unfit(Exception):
    """This shop cannot have a listing as it is; the text says why, and stands beside the listing at the hub."""
