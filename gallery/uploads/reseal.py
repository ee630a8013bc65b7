"""What uploads store sealed (providers.vault.Sealed)."""

from gallery.uploads.delivery.albums import PURPOSE
from gallery.uploads.models import UploadBatch
from providers.vault import Sealed


def rows() -> Sealed:
    """Passwords of albums that are still to be made: the account may wait for its person for weeks."""
    for batch in UploadBatch.objects.exclude(sealed_album_password="").iterator():
        yield batch, "sealed_album_password", (PURPOSE, str(batch.account_id), batch.key)
