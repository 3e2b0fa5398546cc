"""Section H: answers that are not what the contract says, from a status to ten gigabytes of zeros."""
