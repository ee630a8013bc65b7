"""Reads requests and writes responses, knowing neither tables nor operations (docs/protocols/sapo.md)."""
