"""Tests of `states`: the declarations, the engine, time, the language, the pictures."""
