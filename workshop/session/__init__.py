"""A session: its events, what they add up to, and the facilitator that leads through it."""
