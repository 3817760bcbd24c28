"""What happens by itself: thin Prefect flows that call a use-case with a moment."""
