"""The kinds of background work. Each has a queue of its own name, and an app that says what is due."""

from enum import StrEnum


class Kind(StrEnum):
    UPLOADS = "uploads"
    CHANGES = "changes"
    SYNCS = "syncs"
    REMOVALS = "removals"  # accounts that are being unlinked
    REVOCATIONS = "revocations"  # keys that services are to forget
    KEYS = "keys"  # keys that are to be renewed
    VIEWS = "views"  # photos that somebody looked at


SWEEP = "sweep"  # the queue of the sweep alone, so that no long line stands before it
HOUSEKEEPING = "housekeeping"
PROVIDERS = "providers"  # what the built-in servers do in the background
QUEUES = (SWEEP, HOUSEKEEPING, PROVIDERS, *Kind)
