"""Receiving files from a person, until they lie durably on storage."""
