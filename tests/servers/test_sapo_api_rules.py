"""The rules behind the operations: orders, tags, search, dates, edits, albums, counters."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from providers.sapo.server.models import Album, Collection, Comment, Highlight, Image, Person, PersonTag
from providers.sapo.server.photo_store import update_image
from providers.sapo.server.wire.dates import earliest
from tests.support.sapo_api import Program, album, person, photo, refusal, uids

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client: Client) -> Program:
    return Program(client, person())


@pytest.fixture
def rui(client: Client) -> Program:
    return Program(client, person("rui"))


def test_edit_replaces_everything_with_what_was_sent(ana: Program) -> None:
    image = photo(ana.owner, title="Praia", synopse="Areia", tags="mar,sol", is_adult=True, subtitle="Verão")
    data = ana.post("ImageEdit", {"image": {"uid": image.uid, "title": "Mar", "tags": "a_b;c, d"}})["image"]
    assert (data["title"], data["synopse"], data["tags"], data["m18"]) == ("Mar", None, "a b,c,d", "false")
    assert (data["active"], data["subtitle"], data["password"]) == ("true", "Verão", None)
    assert sorted(ana.call("UserGetTags")["tags"]["tag"]) == ["a b", "c", "d"]


def test_tags_are_found_in_any_case_and_with_underscores(ana: Program) -> None:
    image = photo(ana.owner, tags="Pôr do Sol,mar")
    for query in (
        "tag=p%C3%B4r_do_sol",
        "tag=P%C3%94R%20do%20sol",
        "tag=mar,p%C3%B4r_do_sol",
        "tag=p%F4r_do_sol",
    ):
        assert uids(ana.call("ImageGetListByTags", query)) == [image.uid]
    assert uids(ana.call("ImageGetListByTags", "tag=mar,rio")) == []


def test_pages_hold_fifty_and_totals_are_true(ana: Program, rui: Program) -> None:
    moment = datetime(2012, 9, 1, tzinfo=UTC)
    made = [photo(ana.owner, created_at=moment + timedelta(minutes=n)).uid for n in range(53)]
    photo(ana.owner, is_active=False, created_at=moment)
    first = rui.call("ImageGetListByUser", "username=ana&page=0")
    assert first["result"] == {"ok": "true", "page": "1", "perPage": "50", "total": "53", "totalPages": "2"}
    second = rui.call("ImageGetListByUser", "username=ana&page=2")
    assert uids(first) + uids(second) == made[::-1]
    assert uids(rui.call("ImageGetListByUser", "username=ana&page=1000000000")) == []
    assert "page" in refusal(rui.call("ImageGetListByUser", "page=-1"))
    assert "page" in refusal(rui.call("ImageGetListByUser", "page=two"))
    assert "page" in refusal(rui.call("ImageGetListByUser", "page=" + "9" * 5000))


@pytest.mark.parametrize(
    ("order", "titles"),
    [
        ("", "cab"), ("maisrecentes", "cab"), ("recent", "cab"), ("whatever", "cab"),
        ("maisantigas", "bac"), ("maisantigos", "bac"), ("older", "bac"),
        ("alfabeticamente", "abc"), ("ALFABETICAMENTE", "abc"), ("alpha", "abc"),
        ("alfabeticamente-inversa", "cba"), ("inverse_alpha", "cba"), ("id", "acb"),
        ("relevancia", "bca"), ("relevance", "bca"),
    ],
)  # fmt: skip
def test_each_order_is_kept(ana: Program, order: str, titles: str) -> None:
    folder = album(ana.owner)
    for title, day, views in (("A", 2, 0), ("c", 3, 1), ("b", 1, 9)):
        photo(
            ana.owner,
            folder,
            title=title,
            created_at=datetime(2012, 9, day, tzinfo=UTC),
            visualizations=views,
        )
    answer = ana.call("ImageGetListByUserAlbum", f"id=2&orderby={order}")
    assert [image["title"].lower() for image in answer["images"]["image"]] == list(titles)


def test_search_reads_title_synopsis_and_tags_without_accents(ana: Program, rui: Program) -> None:
    image = photo(ana.owner, title="Verão em Évora", synopse="Dias longos", tags="sol,mar")
    for words in ("verao", "VERÃO,dias", "longos,mar", "evora sol"):
        assert uids(rui.call("ImageGetListBySearch", f"string={words}")) == [image.uid]
    assert uids(rui.call("ImageGetListBySearch", "string=verao,neve")) == []
    assert uids(rui.call("ImageGetListBySearch", "string=verao&username=rui")) == []
    assert "20 words" in refusal(rui.call("ImageGetListBySearch", "string=" + ",".join(map(str, range(21)))))
    assert uids(rui.call("ImageGetListBySearch", "string=%25")) == []


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("2012-09-01", "2012-09-01", True), ("2012-09-02", "", False), ("", "2012-08-31", False),
        ("1 September 2012", "2 September 2012", True), ("01-09-2012", "", True), ("09/02/2012", "", False),
        ("20120901", "20120901", True), ("@1346450000", "@1346460000", True), ("-1 week", "", False),
        ("", "yesterday", True), ("September 2012", "", True), ("first day of last month", "", False),
        ("1 de Setembro de 2012", "", True), ("2012-09-01 00:00:00", "2012-09-01 00:45:00", True),
        ("2012-09-01 00:31:00", "", False), ("2012-09", "12-09-01", True), ("12-09-02", "", False),
        ("2012-10", "", False), ("2012", "2013", True), ("2013", "", False), ("70-01-01", "", True),
        ("first day of september 2012", "last day of september 2012", True),
        ("last day of september 2012", "", False), ("", "first day of august 2012", False),
    ],
)  # fmt: skip
def test_dates_are_read_as_lisbon_days(ana: Program, since: str, until: str, found: bool) -> None:
    # 23:30 UTC in summer is half past midnight of the next day in Lisbon.
    photo(ana.owner, created_at=datetime(2012, 8, 31, 23, 30, tzinfo=UTC))
    answer = ana.call("ImageGetListBySearch", f"datefrom={since}&dateto={until}".replace(" ", "%20"))
    assert bool(uids(answer)) is found


def test_day_of_a_week_is_counted_from_monday() -> None:
    def monday() -> date:
        today = timezone.now().astimezone(ZoneInfo("Europe/Lisbon")).date()
        return today - timedelta(days=today.weekday())

    for text, days in (("monday this week", 0), ("sunday this week", 6), ("friday last week", -3)):
        before, moment, after = monday(), earliest(text, "dateFrom"), monday()  # a week may end in between
        assert moment is not None
        assert moment.date() - timedelta(days=days) in (before, after) and moment.hour == 0


@pytest.mark.parametrize("text", ["someday", "2012-13-45", "9" * 60, "x" * 100_000, "0000-00-00"])
def test_date_that_cannot_be_read_is_refused_in_words(ana: Program, text: str) -> None:
    assert "dateFrom" in refusal(ana.call("ImageGetListBySearch", f"datefrom={text}"))


def test_recent_relative_dates_find_new_photos(ana: Program) -> None:
    image = photo(ana.owner, created_at=timezone.now() - timedelta(days=3))
    for text in ("-1 week", "last month", "1 week ago", "first day of last month", "-5 days"):
        assert uids(ana.call("ImageGetListBySearch", f"datefrom={text}".replace(" ", "+"))) == [image.uid]
    for text in ("yesterday", "-1 day", "today", "now"):
        assert uids(ana.call("ImageGetListBySearch", f"datefrom={text}".replace(" ", "+"))) == []


def test_loose_photos_lie_in_ao_molho(ana: Program) -> None:
    image, folder = photo(ana.owner), album(ana.owner)
    assert uids(ana.call("ImageGetListByUserAlbum", "id=1")) == [image.uid]
    assert ana.call("ImageAddToAlbum", f"imageuid={image.uid}&albumid=2") == {"result": {"ok": "true"}}
    assert uids(ana.call("ImageGetListByUserAlbum", "id=1")) == []
    assert ana.call("ImageRemoveFromAlbum", f"imageuid={image.uid}&albumid=2") == {"ok": "true"}
    assert uids(ana.call("ImageGetListByUserAlbum", "id=1")) == [image.uid]
    folder.refresh_from_db()
    assert folder.image_count == 0
    assert "by itself" in refusal(ana.call("ImageAddToAlbum", f"imageuid={image.uid}&albumid=1"))


def test_album_filing_is_all_or_nothing(ana: Program) -> None:
    image = photo(ana.owner)
    album(ana.owner)
    assert refusal(ana.call("ImageAddToAlbum", f"imageuid={image.uid}&albumid=2,99")) == "Album not found"
    assert image.albums.get().is_special
    assert refusal(ana.call("ImageAddToAlbum", f"imageuid={image.uid}")) == "No album was named"


def test_at_most_fifty_albums_are_left_at_once(ana: Program) -> None:
    image = photo(ana.owner)
    numbers = ",".join(str(album(ana.owner, str(n)).number) for n in range(51))
    assert "At most 50" in refusal(
        ana.call("ImageRemoveFromAlbum", f"imageuid={image.uid}&albumid={numbers}")
    )


def test_views_are_counted_by_administrators_only(ana: Program, rui: Program) -> None:
    image = photo(ana.owner)
    assert "Administrator" in refusal(ana.call("ImageNotifyView", f"value=1&uid={image.uid}"))
    Person.objects.filter(username="rui").update(is_admin=True)
    assert rui.call("ImageNotifyView", f"value=3&uid={image.uid}") == {"result": {"ok": "true"}}
    assert ana.call("ImageDetails", f"uid={image.uid}")["image"]["visualizations"] == "3"
    assert "value" in refusal(rui.call("ImageNotifyView", f"value=-1&uid={image.uid}"))
    assert "value" in refusal(rui.call("ImageNotifyView", f"uid={image.uid}"))


def test_comments_are_told_with_the_photo(ana: Program) -> None:
    image = photo(ana.owner)
    moment = datetime(2012, 9, 1, 12, tzinfo=UTC)
    Comment.objects.create(image=image, nickname="Rui", body="Bela", created_at=moment)
    Comment.objects.create(image=image, nickname="X", body="hidden", is_approved=False)
    data = ana.call("ImageDetails", f"uid={image.uid}")["image"]["comments"]["comment"]
    assert data == [{"body": "Bela", "date": "2012-09-01 13:00:00", "nickname": "Rui", "website": None}]


def test_highlights_are_told_for_their_interface(ana: Program, rui: Program) -> None:
    shown, closed = album(ana.owner, "Mostrado"), album(ana.owner, "Fechado", is_active=False)
    for each in (shown, closed):
        Highlight.objects.create(album=each)
    Highlight.objects.create(person=ana.owner)
    Highlight.objects.create(tag="sol")
    Highlight.objects.create(tag="neve", interface="other.example")
    listed = rui.call("AlbumGetListByHighlighted")["albums"]["album"]
    assert [(each["title"], each["user"]["username"]) for each in listed] == [("Mostrado", "ana")]
    assert rui.call("UserGetListByHighlighted")["users"]["user"][0]["username"] == "ana"
    assert rui.call("TagsGetListByHighlighted")["tags"]["tag"] == ["sol"]
    assert rui.call("TagsGetListByHighlighted", "intf=other.example")["tags"]["tag"] == ["neve"]
    assert "users" not in rui.call("UserGetListByHighlighted", "intf=other.example")


def test_collections_list_their_albums_in_their_order(ana: Program, rui: Program) -> None:
    made = Collection.objects.create(owner=ana.owner, title="Viagens", code="c1")
    for position, title in enumerate(("Um", "Dois", "Zero")):
        made.albums.add(album(ana.owner, title), through_defaults={"position": position})
    (data,) = rui.call("CollectionGetListByUser", "username=ana")["collections"]["collection"]
    assert (data["title"], data["code"], data["id"]) == ("Viagens", "c1", str(made.pk))
    listed = rui.call("AlbumGetListByCollection", f"id={made.pk}")["albums"]["album"]
    assert [each["title"] for each in listed] == ["Um", "Dois", "Zero"]
    Collection.objects.update(is_active=False)
    assert refusal(rui.call("AlbumGetListByCollection", f"id={made.pk}")) == "Collection not found"
    assert "collections" not in rui.call("CollectionGetListByUser", "username=ana")


def test_new_account_is_told_whole_and_once(ana: Program) -> None:
    made = ana.post("UserCreate", {"user": {"username": "Eva", "email": "Eva@sapo.example"}})["user"]
    assert made["username"] == "eva"
    assert made["url"] == "http://testserver/services/sapo/fotos/eva/perfil"
    assert made["email"] == "eva@sapo.example"
    taken = ana.post("UserCreate", {"user": {"username": "EVA", "email": "other@sapo.example"}})
    assert refusal(taken)
    assert refusal(ana.post("UserCreate", {"user": {"username": "../x", "email": "x@sapo.example"}}))
    assert refusal(ana.post("UserCreate", {"user": {}}))


def test_counters_follow_every_change(ana: Program) -> None:
    folder = album(ana.owner)
    image = photo(ana.owner, folder, tags="sol,mar", byte_size=7)

    def counts() -> tuple[int, ...]:
        owner = Person.objects.get(username="ana")
        folder.refresh_from_db()
        return (
            owner.image_count,
            owner.safe_count,
            owner.stored_bytes,
            folder.image_count,
            folder.safe_count,
        )

    assert counts() == (1, 1, 7, 1, 1)
    ana.post("ImageEdit", {"image": {"uid": image.uid, "active": "false", "tags": "sol"}})
    assert counts() == (1, 0, 7, 1, 0)
    assert list(PersonTag.objects.values_list("key", "image_count", "safe_count")) == [("sol", 1, 0)]
    ana.call("ImageDelete", f"uid={image.uid}")
    assert counts() == (0, 0, 0, 0, 0)
    assert not PersonTag.objects.exists()


def test_pending_photos_that_died_are_forgotten(ana: Program) -> None:
    dead = photo(ana.owner, is_pending=True, created_at=timezone.now() - timedelta(days=2))
    ana.post("ImageCreate", {"image": {"title": "Nova"}})
    assert not Image.objects.filter(pk=dead.pk).exists()
    assert Image.objects.count() == 1


@pytest.mark.parametrize(
    ("image", "word"),
    [
        ({"title": "x" * 201}, "title"), ({"synopse": "x" * 10_001}, "synopse"),
        ({"tags": " ".join(f"t{n}" for n in range(101))}, "tags"), ({"tags": "x" * 101}, "tags"),
        ({"active": "maybe"}, "active"), ({"albums": {"album": [{"id": "99"}]}}, "Album"),
        ({"albums": {"album": [{"id": "two"}]}}, "Album"), ({"password": "x" * 101}, "password"),
    ],
)  # fmt: skip
def test_photo_with_what_cannot_be_kept_is_refused_whole(
    ana: Program, image: dict[str, object], word: str
) -> None:
    assert word in refusal(ana.post("ImageCreate", {"image": image}))
    assert not Image.objects.exists()


def test_odd_characters_are_kept_or_left_out_never_broken(ana: Program) -> None:
    title = "]]> & <b> \x00\x01 \ud800 😀 Praia"
    made = ana.post("ImageCreate", {"image": {"title": title}})["image"]
    assert made["title"] == "]]> & <b>   😀 Praia"
    xml = ana.get("ImageDetails", f"uid={made['uid']}")
    assert "]]&gt; &amp; &lt;b&gt;" in xml.content.decode()


def test_photo_goes_straight_into_its_albums(ana: Program) -> None:
    album(ana.owner)
    made = ana.post("ImageCreate", {"image": {"title": "Praia", "albums": {"album": [{"id": 2}]}}})["image"]
    image = Image.objects.get(uid=made["uid"])
    assert [each.number for each in image.albums.all()] == [2]
    assert uids(ana.call("ImageGetListByUserAlbum", "id=2")) == []
    with update_image(image) as row:
        row.is_pending = False
    assert uids(ana.call("ImageGetListByUserAlbum", "id=2")) == [image.uid]


def test_cover_of_an_album_is_its_newest_photo_or_the_chosen_one(ana: Program) -> None:
    folder = album(ana.owner)
    older = photo(ana.owner, folder, created_at=datetime(2012, 1, 1, tzinfo=UTC))
    newer = photo(ana.owner, folder)
    assert ana.call("AlbumGetCoverImage", "id=2")["image"]["uid"] == newer.uid
    Album.objects.filter(pk=folder.pk).update(cover=older)
    assert ana.call("AlbumGetCoverImage", "id=2")["image"]["uid"] == older.uid
    assert ana.call("AlbumDetails", "id=2")["album"]["title"] == "Ferias"
