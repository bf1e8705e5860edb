"""Line mode: the conversation as plain lines."""
