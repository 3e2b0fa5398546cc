"""The rows of the catalogue, a file for each section or rig."""
