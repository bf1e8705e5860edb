"""The conversation: a pure function from a reply to messages and events."""
