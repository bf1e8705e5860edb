"""Workshop: a chatbot in the terminal that leads people through a canvas."""

__version__ = "0.1.0"
