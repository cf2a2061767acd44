"""HTTP: a route turns a request into one call on the domain and the result into a page."""
