"""After the submit: read what reAPI answered, say what it costs, and whether to send again."""
