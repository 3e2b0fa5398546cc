"""Y: rounds (`flx_sync`)."""
