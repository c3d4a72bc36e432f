"""``python -m reapi_rules``: the command line."""

from reapi_rules.cli import run

if __name__ == "__main__":
    run()
