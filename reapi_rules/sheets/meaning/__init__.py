"""What a sheet means: its titles, its columns, its cells, and which of its rows plan a request."""
