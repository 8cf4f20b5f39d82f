"""Who may use the staff area and the API, how they prove it, and what they did: accounts, sessions, tokens, audit."""
