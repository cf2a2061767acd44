"""The data set: what a download gives, what a report is computed from, and how both are read."""
