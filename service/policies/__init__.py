"""Policies: made, tried out, withdrawn; open tasks re-planned when somebody asks; and the words for them."""
