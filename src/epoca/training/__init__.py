"""The one loop, what it records, when it stops, and what its curves say."""
