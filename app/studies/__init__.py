"""Studies: their design, their links, their state, and how far they have come."""
