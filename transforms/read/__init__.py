"""Opens one input file and yields its records: compression undone, format told by content, one RawDocument a record."""
