"""A university to try Sapat on: made-up posts and events, through the same doors as a real one's."""
