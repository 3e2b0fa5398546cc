"""One file a language: each makes texts of the tables."""
