"""A history that can be verified: seals checked, chains walked, in a live database or in a file with none."""
