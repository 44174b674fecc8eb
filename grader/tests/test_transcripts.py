"""How transcripts are masked and compared."""

from grader.tests.transcripts import MASK, masked, same


def test_what_differs_between_two_runs_is_masked() -> None:
    kept = masked("AC1 failed\n  check\n    got 12 of 30", "AC1 failed\n  check\n    got 17 of 30")
    assert kept == f"AC1 failed\n  check\n    got {MASK} of 30"
    assert same(kept, "AC1 failed\n  check\n    got 99 of 30")
    assert not same(kept, "AC1 failed\n  check\n    got 99 of 31")
    assert not same(kept, "AC2 failed\n  check\n    got 99 of 30")


def test_messages_of_varying_length_are_masked_whole() -> None:
    kept = masked("AC1 failed\n  check\n    a\n    b", "AC1 failed\n  check\n    a\n    b\n    c")
    assert kept == f"AC1 failed\n  check\n{MASK}"
    assert same(kept, "AC1 failed\n  check\n    anything\n    at all")
    assert not same(kept, "AC1 failed\n  another check\n    anything")
