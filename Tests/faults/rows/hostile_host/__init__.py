"""Section S: what a host, or whoever speaks through it, may hand in; and what must never come out."""
