"""A university's own list of nonconformities: read, mapped, planned, compared with what is there, brought in."""
