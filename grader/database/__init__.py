"""PostgreSQL for the exercises that need it: the server, and a closed-off database on it."""
