"""What the library tells the apps above it."""

from django.dispatch import Signal

photo_opened = Signal()  # its owner looks at the page of `photo`
