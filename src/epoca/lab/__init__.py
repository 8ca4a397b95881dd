"""The lab: a page on which one sees a network learn, and the server behind it."""
