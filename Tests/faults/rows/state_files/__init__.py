"""D-07, D-08, D-13 to D-15, D-18, S-08: state files that are damaged, mixed, old, new, restored, huge, purged."""
