"""How fast the engine is, beside what one would use instead: ``python -m tests.benchmarks``, from the checkout.

bodies (bodies, attack)  ->  peers  ->  agreement, before anything is timed  ->  timing  ->  goals, table
"""
