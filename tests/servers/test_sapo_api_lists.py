"""Lists stay as quick as they are however much a person has: one index each, no row counted."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from providers.sapo.protocol import Order
from providers.sapo.server.models import Album, Audience, Image, ImageAlbum, ImageTag, Person
from providers.sapo.server.operations.lists import IMAGE_COLUMNS, PLACED_COLUMNS, ordering
from tests.support.sapo_api import Program, album, person, photo, uids

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client: Client) -> Program:
    return Program(client, person())


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the words are those of SQLite's planner")
@pytest.mark.parametrize("order", [Order.NEWEST, Order.OLDEST_PICTURES])
@pytest.mark.parametrize("least", [Audience.OWNER, Audience.ADULTS, Audience.EVERYBODY])
def test_page_by_date_is_read_from_one_index(ana: Program, order: Order, least: Audience) -> None:
    owner, folder = ana.owner, album(ana.owner)
    lists = [
        (Image.objects.filter(owner=owner, audience__gte=least), IMAGE_COLUMNS, "pk"),
        (ImageAlbum.objects.filter(album=folder, audience__gte=least), PLACED_COLUMNS, "image_id"),
        (ImageTag.objects.filter(owner=owner, key="sol", audience__gte=least), PLACED_COLUMNS, "image_id"),
    ]
    for rows, columns, column in lists:
        plan = rows.order_by(*ordering(order, columns)).values_list(column)[:50].explain()
        assert "USING COVERING INDEX" in plan
        assert "TEMP B-TREE" not in plan


def queries(ana: Program, operation: str, query: str = "") -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        ana.call(operation, query)
    # Once a second there is a look for plans of faults as well.
    return [each["sql"] for each in captured if "faults_faultplan" not in each["sql"]]


@pytest.mark.parametrize(
    ("operation", "query"),
    [
        ("ImageGetListByUser", ""), ("ImageGetListByUserAlbum", "id=2"), ("ImageGetListByTags", "tag=sol"),
        ("ImageGetListByTags", "tag=sol&username=ana"),
    ],
)  # fmt: skip
def test_number_of_queries_does_not_grow_and_nothing_is_counted(
    ana: Program, operation: str, query: str
) -> None:
    folder = album(ana.owner)
    photo(ana.owner, folder, tags="sol")
    few = queries(ana, operation, query)
    for _ in range(8):
        photo(ana.owner, folder, tags="sol")
    many = queries(ana, operation, query)
    assert len(many) == len(few) <= 9
    assert not any("COUNT(" in sql for sql in many)


def test_page_is_cached_when_it_is_asked_for_again(ana: Program) -> None:
    """A program that lists everything asks for each page once: that leaves nothing behind."""
    photo(ana.owner)
    query_counts = [len(queries(ana, "ImageGetListByUser")) for _ in range(3)]
    assert query_counts[0] == query_counts[1] > query_counts[2]


def test_cached_page_is_new_after_each_change(ana: Program) -> None:
    folder = album(ana.owner)
    image = photo(ana.owner, folder, title="Antes")
    other = Program(ana.client, person("rui"))
    for title in ("Antes", "Depois"):
        ana.post("ImageEdit", {"image": {"uid": image.uid, "title": title}})
        # Thrice: what is asked for once is not kept, the second time it is.
        for program, query in 3 * ((ana, ""), (other, "username=ana")):
            (listed,) = program.call("ImageGetListByUser", query)["images"]["image"]
            assert listed["title"] == title
    ana.post("ImageEdit", {"image": {"uid": image.uid, "active": "false"}})
    assert "images" not in other.call("ImageGetListByUser", "username=ana")
    assert "images" not in other.call("ImageGetListByUserAlbum", "username=ana&id=2")
    assert "images" in ana.call("ImageGetListByUserAlbum", "id=2")


def test_cached_page_of_the_owner_is_not_shown_to_others(ana: Program) -> None:
    ana.post("AlbumCreate", {"album": {"title": "A"}})
    image = ana.post("ImageCreate", {"image": {"title": "Praia", "password": "abre-te"}})["image"]
    Image.objects.filter(uid=image["uid"]).update(is_pending=False, audience=Audience.EVERYBODY)
    Person.objects.update(image_count=1, public_count=1, safe_count=1)
    for _ in range(3):
        (own,) = ana.call("ImageGetListByUser")["images"]["image"]
    assert own["password"] == "abre-te"
    other = Program(ana.client, person("rui"))
    (theirs,) = other.call("ImageGetListByUser", "username=ana")["images"]["image"]
    assert theirs["password"] is None


@pytest.mark.parametrize("order", list(Order))
def test_pages_one_after_the_other_are_the_whole_list(ana: Program, order: Order) -> None:
    """Those of the second half are read from its end."""
    owner, folder, count = ana.owner, album(ana.owner), 230
    made = Image.objects.bulk_create(
        Image(
            uid=f"u{number}", owner=owner, title_key=f"{number % 7}", visualizations=number % 5,
            created_at=datetime(2012, 9, 1 + number % 9, tzinfo=UTC), is_pending=False,
            audience=Audience.EVERYBODY,
        )
        for number in range(count)
    )  # fmt: skip
    ImageAlbum.objects.bulk_create(
        ImageAlbum(image=one, album=folder, audience=one.audience, created_at=one.created_at) for one in made
    )
    for counted in (Person.objects.filter(pk=owner.pk), Album.objects.filter(pk=folder.pk)):
        counted.update(image_count=count, public_count=count, safe_count=count)
    whole = list(Image.objects.order_by(*ordering(order, IMAGE_COLUMNS)).values_list("uid", flat=True))
    for operation, query in (("ImageGetListByUser", ""), ("ImageGetListByUserAlbum", f"&id={folder.number}")):
        responses = [ana.call(operation, f"orderby={order}&page={page}{query}") for page in range(1, 7)]
        assert [uid for answer in responses for uid in uids(answer)] == whole
