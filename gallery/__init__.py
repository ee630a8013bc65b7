"""Pomar: one gallery over the photos that lie on other services."""

from gallery.celery import app as celery_app

__all__ = ["celery_app"]
