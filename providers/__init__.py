"""Photo services: one folder each, behind one contract (docs/architecture.md)."""
