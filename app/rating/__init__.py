"""What a rater may know and do. Rater pages see nothing of the project but this."""
