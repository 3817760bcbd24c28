"""Differences between the texts of two files: read apart from the server, compared paragraph by paragraph."""
