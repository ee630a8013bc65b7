"""Following what lies at a service."""
