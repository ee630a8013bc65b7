"""How things are said and shown on every page: dates, sizes, fragments."""
