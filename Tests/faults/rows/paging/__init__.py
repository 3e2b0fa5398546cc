"""Section P: pages that drift, cursors that wait for their commit, answers that are told again."""
