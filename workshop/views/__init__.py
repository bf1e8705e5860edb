"""What people look at, whatever shows it: the outline, its labels and its phrases."""
