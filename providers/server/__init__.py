"""What both built-in servers need."""
