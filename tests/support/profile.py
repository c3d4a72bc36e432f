"""How much is tried: what takes minutes is left to the profiles that are thorough."""

from __future__ import annotations

import os

__all__ = ["IS_THOROUGH"]

IS_THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") in ("ci", "thorough")
"""Whether all is tried that can be, rather than a share of it for each model."""
