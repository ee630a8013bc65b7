"""Runs the whole site on one machine as one thing: starts, watches, restarts, stops together."""
