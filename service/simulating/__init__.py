"""Years of nonconformities and actions, made up by a seed, each moved through the one write path on its own day."""
