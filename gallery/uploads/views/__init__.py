"""The pages of uploads: each for its owner alone."""
