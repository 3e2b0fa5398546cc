"""What the fault rows share: the register, the broken builds, the shop and its hub."""
