"""Question banks: what they are, how they are read and where they are found."""
