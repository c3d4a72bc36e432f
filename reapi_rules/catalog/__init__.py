"""What ``data/`` says, decoded: rules, models, rate cards, error codes, hints and messages."""
