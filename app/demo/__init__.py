"""The demo study: our own poems, and simulated votes that are marked so everywhere."""
