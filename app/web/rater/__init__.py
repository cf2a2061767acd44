"""What raters see. Knows nothing of the project but app.rating."""
