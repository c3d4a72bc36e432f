"""The prices themselves: the whole table, what costs less, and rate cards that come and go."""
