"""Section J: what may stand in a page. A bad record is set aside with its reason, its neighbours go on, and a page that is not
whole gives nothing."""
