"""Changing one's own photos where they lie: a row for each requested change, applied by a worker."""
