"""What the SAPO server stores sealed (providers.vault.Sealed)."""

from providers.sapo.server.auth.keys import binding
from providers.sapo.server.models import Album, Image
from providers.vault import Sealed


def rows() -> Sealed:
    """The passwords of photos and albums."""
    for image in Image.objects.exclude(sealed_password="").iterator():
        yield image, "sealed_password", binding("image", image.uid)
    for album in Album.objects.exclude(sealed_password="").iterator():
        yield album, "sealed_password", binding("album", f"{album.owner_id}/{album.number}")
