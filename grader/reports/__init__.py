"""A scorecard as text for people or for programs: pure functions, results in, string out."""
