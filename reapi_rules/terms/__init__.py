"""The page's own terms as values and plain arithmetic: findings, sizes, URLs, credits.  Nothing here knows a model."""
