"""What happens when somebody looks at their own photo."""

from typing import Any

from django.dispatch import receiver

from gallery.explore.view_counting import note_opened
from gallery.library.models import Photo
from gallery.library.signals import photo_opened


@receiver(photo_opened)
def count_own_view(photo: Photo, **kwargs: Any) -> None:
    note_opened(photo.account, photo.remote_id)
