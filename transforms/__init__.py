"""One idea a file: a pure function first, its thin PTransform under it."""
