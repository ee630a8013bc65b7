"""A lively library for a fresh site: pictures painted by code, and the story told around them."""
