"""What may happen: the vocabulary of lifecycles and their declarations. No I/O, no clock, nothing else of ours."""
