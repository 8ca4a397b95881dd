"""A table in, matrices out: reading, columns, splitting, samples."""
