"""What happened in a session and what it adds up to: events, log, fold, walk, merge. Pure."""
