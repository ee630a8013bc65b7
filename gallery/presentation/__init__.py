"""How things are named and written on every page. Nothing here knows the library, an upload or a change."""
