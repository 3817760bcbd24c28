"""What is kept: one file per noun, and the databases it is kept in."""
