"""The first pass over a sample of a run's input: what its sites repeat."""
