"""Talking to a service over HTTP, within limits."""
