"""How Celery is set up. What is read from the environment stands in gallery/settings.py."""

from typing import Any

from celery.schedules import crontab
from kombu import Queue

from gallery.jobs.kinds import HOUSEKEEPING, QUEUES, SWEEP


def celery_settings(broker_url: str, queue_prefix: str) -> dict[str, Any]:
    return {
        "CELERY_BROKER_URL": broker_url,
        "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP": True,
        "CELERY_BROKER_CONNECTION_MAX_RETRIES": None,  # a queue may be away for as long as it likes
        # The broker's redelivery is slow by design: leases and the sweep find in seconds what a worker left.
        "CELERY_BROKER_TRANSPORT_OPTIONS": {
            "visibility_timeout": 3600,
            "unacked_restore_throttle": 1,
            "global_keyprefix": queue_prefix,
            # A queue that hangs counts as away. Longer than the second that a worker listens at a time.
            "socket_timeout": 5,
            "socket_connect_timeout": 2,
        },
        "CELERY_TASK_ACKS_LATE": True,
        "CELERY_TASK_REJECT_ON_WORKER_LOST": True,
        "CELERY_TASK_IGNORE_RESULT": True,
        "CELERY_TASK_TIME_LIMIT": 3000,
        "CELERY_TASK_SOFT_TIME_LIMIT": 2900,
        "CELERY_WORKER_PREFETCH_MULTIPLIER": 1,
        # A pool process that was killed is replaced; on a busy machine the new one needs more than the
        # usual four seconds to report, and until then the whole worker would give up.
        "CELERY_WORKER_PROC_ALIVE_TIMEOUT": 30,
        "CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT": 10,
        "CELERY_WORKER_HIJACK_ROOT_LOGGER": False,
        # A worker listens to its queues in turn, so that no long line stands before another.
        "CELERY_TASK_QUEUES": [Queue(name, routing_key=name) for name in QUEUES],
        "CELERY_TASK_DEFAULT_QUEUE": HOUSEKEEPING,
        "CELERY_TIMEZONE": "UTC",
        "CELERY_BEAT_SCHEDULER": "gallery.jobs.beat:Scheduler",
        "CELERY_BEAT_SCHEDULE": _schedule(),
    }


def _schedule() -> dict[str, dict[str, Any]]:
    """What beat sends; the built-in servers add to it (providers/configuration.py)."""
    return {
        "sweep": {"task": "gallery.jobs.tasks.sweep", "schedule": 2.0, "options": {"queue": SWEEP}},
        "trim-pictures": {"task": "gallery.library.tasks.trim_pictures", "schedule": 600.0},
        "clear-uploads": {"task": "gallery.uploads.tasks.clear_uploads", "schedule": crontab(minute=40)},
        "clear-old": {"task": "gallery.accounts.tasks.clear_old", "schedule": crontab(hour=3, minute=20)},
    }
