"""Asking a service while a person waits (docs/remote.md)."""
