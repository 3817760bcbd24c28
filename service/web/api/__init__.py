"""The API under /api: fetch, call one verb, respond."""
