"""Who may do what: admins, their sessions, and tokens."""
