"""The web around the use-cases: pages for people, an API for programs, both generated from the declarations."""
