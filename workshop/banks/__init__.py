"""Question banks: their model, the loader of their YAML files and the registry that finds them."""
