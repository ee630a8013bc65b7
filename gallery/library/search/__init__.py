"""Searching: the own library, and services that can search."""
