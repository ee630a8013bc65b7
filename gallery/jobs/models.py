"""What background work writes down."""

from django.db import models


class LeasedRow(models.Model):
    """A row that workers work on: who holds it, until when, and when it is due (docs/flows/jobs.md)."""

    lease_owner = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Heartbeat(models.Model):
    """The last sign of life of one worker or beat; `trouble` says in words what is wrong with it."""

    name = models.CharField(max_length=200, primary_key=True)  # program@host and its READY_FILE
    program = models.CharField(max_length=20)
    seen_at = models.DateTimeField()
    trouble = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name
