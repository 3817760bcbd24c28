"""How fast Sapat is, each figure beside its limit, measured in the same run."""
