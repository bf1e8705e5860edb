"""The conversation: a pure function from what people type to messages and events."""
