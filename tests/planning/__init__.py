"""Tests of routes, codes and periodic reviews."""
