from django.db import models


class Heartbeat(models.Model):
    """The last sign of life of one worker or beat; `trouble` says in words what is wrong with it."""

    name = models.CharField(max_length=200, primary_key=True)  # program@host
    program = models.CharField(max_length=20)
    seen_at = models.DateTimeField()
    trouble = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name
