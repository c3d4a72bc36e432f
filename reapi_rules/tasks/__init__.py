"""After the submit: read reAPI's answer, say what the request costs, and whether to send it again."""
