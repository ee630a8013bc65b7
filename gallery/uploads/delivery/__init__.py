"""Delivering what was received to its service, once."""
