"""Writing the library: photos, albums, their removal and the counters."""
