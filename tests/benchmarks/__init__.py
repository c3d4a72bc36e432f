"""How fast the engine is, beside what one would use instead: ``python -m tests.benchmarks``, from the checkout.

bodies (bodies, attack)  ->  peers  ->  agreement, before anything is timed  ->  timing  ->  goals, table
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # where the oracle is
