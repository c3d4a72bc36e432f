"""Whether all say the same of the same bodies: nothing is timed before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from reapi_rules import preflight
from reapi_rules.catalog.catalog import built_in
from tests.support.oracle import oracle_report

from .bodies import Body
from .peers import Peer

__all__ = ["check", "check_oracle"]


def check(bodies: Iterable[Body], peers: Sequence[Peer]) -> None:
    """Raises AssertionError for the first body on which a peer and the engine differ.

    Of a body with one fault planted the engine must say that rule, of one with two at least one of them.
    """
    for body in bodies:
        report = preflight(body.text)
        rules = {error.rule for error in report.errors}
        assert rules & set(body.faults) or not (rules or body.faults), f"planted {body.faults}, found {rules}"
        if body.mapping is not None:
            assert preflight(body.mapping).to_json() == report.to_json(), body.text
        for peer in peers:
            verdicts = [peer.of_text(body.text)]
            if body.mapping is not None:
                verdicts.append(peer.of_mapping(body.mapping))
            for is_ok, credits in verdicts:
                assert is_ok == report.ok, f"{peer.name}: {is_ok} for {body.text!r}"
                assert credits is None or (report.quote and credits == report.quote.credits), f"{peer.name}: {credits}"


def check_oracle(bodies: Iterable[Body]) -> None:
    """Raises AssertionError for the first body on which the engine and the tests' oracle differ.

    Compared are the verdict, the rules in their order, and the price.
    """
    card = built_in().card()
    assert card is not None
    for body in bodies:
        expected = oracle_report(body.text, cards=[card.to_dict()])
        actual = json.loads(preflight(body.text).to_json())
        for part in ("ok", "dimensions", "quote"):
            assert actual[part] == json.loads(json.dumps(expected[part])), body.text
        for part in ("errors", "warnings"):
            assert [each["rule"] for each in actual[part]] == [each["rule"] for each in expected[part]], body.text
