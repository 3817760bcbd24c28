"""What can be done: one file per use-case, the one write path among them, and the web around them."""
