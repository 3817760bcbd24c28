"""Pages that work without scripts: fetch, call one verb, respond."""
