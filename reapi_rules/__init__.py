"""Check an image request before you send it to reAPI: will it be accepted, what is wrong with it, what will it cost?

>>> from reapi_rules import preflight
>>> report = preflight({"model": "gpt-image-2-official", "prompt": "a fox", "size": "16:9", "resolution": "2k"})
>>> report.ok, report.dimensions.width, report.quote.credits
(True, 2048, 380)

The functions and their results are here; everything else is in the folders below.  Nothing here opens a socket or
reads the clock or the environment.
"""

from reapi_rules.catalog.catalog import Catalog
from reapi_rules.catalog.rates import RateCard, RateCardError
from reapi_rules.engine.engine import Engine, preflight, quote
from reapi_rules.engine.quotes import Quote
from reapi_rules.engine.report import InvalidRequestError, Report
from reapi_rules.prices.lookup import credits_of, dimensions_of, resolutions_for, sizes_at
from reapi_rules.tasks.explanations import explain
from reapi_rules.tasks.readings import read_task
from reapi_rules.terms.findings import Finding

__all__ = [
    "Catalog",
    "Engine",
    "Finding",
    "InvalidRequestError",
    "Quote",
    "RateCard",
    "RateCardError",
    "Report",
    "__version__",
    "credits_of",
    "dimensions_of",
    "explain",
    "preflight",
    "quote",
    "read_task",
    "resolutions_for",
    "sizes_at",
]

__version__ = "0.1.0"
