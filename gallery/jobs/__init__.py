"""The kernel of background work: what is due lies in rows; workers claim it (docs/flows/jobs.md)."""
