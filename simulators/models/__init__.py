"""Paper-free worlds as pure functions on arrays: orders, ballots, games, decision processes."""
