"""The journal's verifier, kept apart from everything that it verifies."""
