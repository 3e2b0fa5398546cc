"""Section R: one budget for all processes of a token, against hubs that punish every request too many."""
