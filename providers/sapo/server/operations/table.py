"""The operations of the Photos service: what each does, by its name on the wire.

Adding one is adding a line here and its signature to `providers.sapo.protocol_tables`.
"""

from collections.abc import Callable
from types import MappingProxyType

from providers.sapo.server.operations import (
    albums,
    changes,
    highlights,
    images,
    search,
    users,
)
from providers.sapo.server.operations.call import Call
from providers.sapo.server.wire.fields import Field

# What stands inside <Operation>Result: its fields, or the text of DummyEcho.
Outcome = list[Field] | str

OPERATIONS: MappingProxyType[str, Callable[[Call], Outcome]] = MappingProxyType(
    {
        "AlbumCreate": albums.create_album,
        "AlbumDetails": albums.album_details,
        "AlbumGetCoverImage": albums.album_cover_image,
        "AlbumGetListByCollection": albums.albums_of_collection,
        "AlbumGetListByHighlighted": highlights.highlighted_albums,
        "AlbumGetListByUser": albums.albums_of_user,
        "CollectionGetListByUser": albums.collections_of_user,
        "DummyEcho": users.echo,
        "ImageAddToAlbum": changes.add_to_albums,
        "ImageCreate": changes.create_image,
        "ImageDelete": changes.delete_image,
        "ImageDetails": images.image_details,
        "ImageEdit": changes.edit_image,
        "ImageGetListBySearch": search.images_by_search,
        "ImageGetListByTags": search.images_by_tags,
        "ImageGetListByUser": images.images_of_user,
        "ImageGetListByUserAlbum": images.images_of_album,
        "ImageNotifyView": changes.notify_view,
        "ImageRemoveFromAlbum": changes.remove_from_albums,
        "TagsGetListByHighlighted": highlights.highlighted_tags,
        "UserCreate": users.create_user,
        "UserDetails": users.user_details,
        "UserGetListByHighlighted": highlights.highlighted_users,
        "UserGetTags": users.tags_of_user,
    }
)
