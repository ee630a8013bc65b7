"""Changing one's own photos where they lie: a row for each wish, carried out by a worker."""
