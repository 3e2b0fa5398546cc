"""A django-oscar shop as a channel of the hub. What a shop has to set is in the README."""
