"""Bringing in what a university has already: its register of documents, its register of processes."""
