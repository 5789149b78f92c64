"""Names, dates and quotes in the body: found, typed, and given one identity each."""
