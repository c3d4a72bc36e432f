"""What the requests of a sheet cost: a result for each row, totals, and what could be saved."""
