"""Whole ways through the running site in Chromium, with its scripts, and without them where it says so.

No window may say an error in its console: a breach of the content security policy would.
"""

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.conftest import Site
from tests.journeys.test_journeys import link_sapo, open_sapo, upload
from tests.support.browser_window import Window, opened
from tests.support.painting import picture
from tests.support.person import Person
from tests.support.screenshots import CHROMIUM, FLAGS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

WIDE, PHONE = 1440, 390
LONG = "Torre" * 30  # one word
SHAPES = [(300, 200), (900, 600), (1700, 1300), (1300, 1700), (6000, 1500), (500, 2000)]
MANY = 62  # more than one page of a list
PLACES = [
    *("/", "/albums/", "/collections/", "/tags/", "/tags/?sort=count", "/tags/horta/", "/search/"),
    *("/search/?q=farol", "/search/?q=nothing-like-it", "/explore/", "/explore/search/?tags=farol"),
    *("/uploads/", "/uploads/new/", "/uploads/straight/", "/linked/", "/linked/new/"),
    *("/accounts/email/", "/accounts/password/change/", "/accounts/logout/"),
]
# Places whose address is known by nobody but the site: where it is found, and the link.
FOUND = [
    ("/albums/", ".album-card__name a"),
    ("/linked/", "a[href$='unlink/']"),
    ("/search/?q=farol", ".found .tile__link"),
]
PUBLIC = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for all; its loop would keep other files' tests in this process from their database."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


OpenWindow = Callable[..., Window]


@pytest.fixture
def open_window(browser: Browser, site: Site) -> Iterator[OpenWindow]:
    windows: list[Window] = []

    def open_one(person: Person | None = None, *, width: int = WIDE, **choices: Any) -> Window:
        windows.append(opened(browser, site.url, person, width=width, **choices))
        return windows[-1]

    yield open_one
    for window in windows:
        window.context.close()
    assert [line for window in windows for line in window.errors] == []


@pytest.fixture(scope="module")
def gardener(site: Site) -> Person:
    """With a list that has a second page: 62 photos of the album Horta, and one more, tagged, in Costa."""
    person = site.somebody("dina")
    link_sapo(person)
    person.goes_to("/uploads/new/")
    files = [(f"fila{n}.jpg", picture("jpeg", 240 + 40 * (n % 4), 200, text=str(n))) for n in range(MANY)]
    parts = [("files", (name, content, "image/jpeg")) for name, content in files]
    person.sends(person.form(holding="new_album"), {"new_album": "Horta", "tags": "horta"}, files=parts)
    assert person.waits_until(lambda: f"{MANY} stored" in person.goes_to("/uploads/").text, 60), person.text
    fields = {"title": "Farol azul", "tags": "farol mar", "new_album": "Costa"}
    upload(person, picture("jpeg", 600, 400), "farol.jpg", **fields)
    assert person.waits_until(lambda: "1 stored" in person.goes_to("/uploads/").text), person.text
    return person


@pytest.fixture(scope="module")
def tower(site: Site) -> Person:
    """With one photo, a hundred times as high as wide, and words without a blank."""
    person = site.somebody("rita")
    link_sapo(person)
    words = {"title": LONG, "new_album": LONG, "description": LONG * 3, "tags": LONG[:60]}
    upload(person, picture("jpeg", 60, 6000), f"{LONG[:100]}.jpg", **words)
    assert person.waits_until(lambda: "1 stored" in person.goes_to("/uploads/").text), person.text
    return person


@pytest.fixture(scope="module")
def photographer(site: Site) -> Person:
    """With photos of every size and shape that cameras and people make."""
    person = site.somebody("lena")
    link_sapo(person)
    person.goes_to("/uploads/new/")
    files = [(f"forma{n}.jpg", picture("jpeg", *sides, text=str(n))) for n, sides in enumerate(SHAPES)]
    parts = [("files", (name, content, "image/jpeg")) for name, content in files]
    person.sends(person.form(holding="new_album"), {"title": "Forma"}, files=parts)
    stored = f"{len(SHAPES)} stored"
    assert person.waits_until(lambda: stored in person.goes_to("/uploads/").text, 60), person.text
    return person


def first_photo(window: Window) -> str:
    """The address of the newest photo, from home."""
    window.goes_to("/")
    return str(window.sees(".tile__link").get_attribute("href"))


def test_newcomer_sends_two_photos_and_watches_them_arrive(open_window: OpenWindow) -> None:
    window, name = open_window(), f"ines{secrets.token_hex(4)}"
    password = f"{name}-orchard-42"
    window.goes_to("/accounts/signup/")
    window.fills(email=f"{name}@example.org", username=name, password1=password, password2=password)
    window.presses("Make the account").sees("main", "Nothing planted yet.")
    window.page.get_by_role("link", name="Link an account").first.click()
    window.page.get_by_role("link", name="Open an account on SAPO").click()
    window.page.wait_for_url("**/services/sapo/open/**")
    secret = "orange-blossom-77"
    window.fills(username=name, password=secret).presses("Open the account")
    window.page.wait_for_url("**/accounts/sapo/pomar-sapo/login/")
    window.fills(username=name, password=secret).presses("Link")
    window.sees(".account", name)
    window.page.get_by_role("link", name="Upload").first.click()
    window.sees("#files")
    window.page.evaluate("window.isSamePage = true")
    files = [("farol.jpg", picture(text="1")), ("duna.jpg", picture("jpeg", 300, 200, text="2"))]
    window.sends_files(files, new_album="Costa", tags="mar verão")
    window.sees(".upload-row.is-stored", "farol.jpg")
    window.sees(".upload-row.is-stored", "duna.jpg")
    assert window.page.locator(".upload-row").count() == 2
    assert window.page.evaluate("window.isSamePage"), "the page was read anew"
    window.page.get_by_role("link", name="Photos", exact=True).first.click()
    window.sees(".tile__link").click()
    window.sees("main.viewer h1")
    assert window.page.locator("a.chip").all_text_contents() == ["mar2", "verão2"]
    assert "Costa" in window.sees(".mini").inner_text()


def press(window: Window, key: str) -> None:
    """Once the page's scripts are there to receive it: a heading is on the page before they are."""
    window.page.wait_for_load_state()
    window.page.keyboard.press(key)


def test_keys_lead_from_photo_to_photo(open_window: OpenWindow, gardener: Person) -> None:
    window = open_window(gardener)
    newest = first_photo(window)
    window.page.locator(".tile__link").first.click()
    window.sees("main.viewer h1", "Farol azul")
    for forward, back in (("j", "k"), ("ArrowRight", "ArrowLeft")):
        press(window, forward)
        window.sees("main.viewer h1", "fila")
        assert window.path != newest
        press(window, back)
        window.sees("main.viewer h1", "Farol azul")
        assert window.path == newest
    press(window, "j")
    window.sees("main.viewer h1", "fila")
    last = window.path
    press(window, "Escape")
    window.sees(".month__head")
    assert window.path == "/", "the list that it was opened from, whatever was turned to"
    window.page.wait_for_function("path => document.activeElement.getAttribute('href') === path", arg=last)


def test_title_is_changed_there_and_then_here(open_window: OpenWindow, gardener: Person) -> None:
    window = open_window(gardener)
    window.goes_to("/search/?q=fila7")
    window.sees(".found .tile__link").click()
    window.page.get_by_role("link", name="Edit").click()
    window.sees("main [name=title]")
    title = f"Couves {secrets.token_hex(3)}"
    window.fills(title=title).presses("Save")
    window.sees("#change-state", "Saved")
    window.sees("main.viewer h1", title)


def test_orange_is_linked_by_consent_and_takes_a_photo(open_window: OpenWindow, site: Site) -> None:
    window = open_window(site.somebody("ana"))
    window.goes_to("/linked/new/").page.get_by_role("link", name="Open an account on Orange").click()
    window.presses("Open the account")
    window.page.wait_for_url("**/accounts/orange/pomar-orange/login/")
    window.page.locator("main").get_by_role("button", name="Go to Orange").click()
    window.presses("Allow").sees(".account", "Orange")
    assert window.path == "/linked/"
    window.goes_to("/uploads/new/").sends_files([("phare.jpg", picture())], title="Phare")
    window.sees(".upload-row.is-stored", "phare.jpg")


def test_plain_form_of_the_browser_ends_among_the_uploads(open_window: OpenWindow, site: Site) -> None:
    alice = site.somebody("alice")
    link_sapo(alice)
    window = open_window(alice, has_scripts=False)
    window.goes_to("/uploads/straight/").fills(title="Praia").presses("Continue")
    file_field = window.sees("main input[type=file]")
    file_field.set_input_files({"name": "praia.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    window.presses("Send").sees(".upload-row.is-stored", "Praia")
    assert window.path.startswith("/uploads/")
    assert window.goes_to("/").sees(".tile__link img").get_attribute("alt") == "Praia"


def test_wrong_password_is_said_and_the_name_stays(open_window: OpenWindow, site: Site) -> None:
    alice = site.somebody("alice")
    name, _password = open_sapo(alice)
    window = open_window(alice).goes_to("/accounts/sapo/pomar-sapo/login/")
    window.fills(username=name, password="not-this-one").presses("Link")
    window.sees("main [role=alert]", "SAPO does not know this name and password together.")
    assert window.page.locator("main [name=username]").input_value() == name
    assert window.page.locator("main [name=password]").input_value() == ""


def test_text_named_like_a_photo_is_refused_in_words(open_window: OpenWindow, site: Site) -> None:
    alice = site.somebody("alice")
    link_sapo(alice)
    window = open_window(alice).goes_to("/uploads/new/")
    window.sends_files([("list.jpg", b"apples, pears"), ("duna.jpg", picture())])
    window.sees(".upload-row.is-refused", "The name ends in .jpg, but this is not a picture.")
    window.sees(".upload-row.is-stored", "duna.jpg")


def test_file_that_comes_when_all_before_it_are_stored_is_followed_too(
    open_window: OpenWindow, site: Site
) -> None:
    person = site.somebody("rita")
    link_sapo(person)
    window = open_window(person).goes_to("/uploads/new/")
    for name in ("um.jpg", "dois.jpg"):
        window.sends_files([(name, picture(text=name))])
        window.sees(".upload-row.is-stored", name)
        window.page.locator("#live:not([hx-get])").wait_for(state="attached")  # the page asks no more
    assert window.page.locator(".upload-row.is-stored").count() == 2


def test_photos_are_found_by_word_and_by_tag(open_window: OpenWindow, gardener: Person) -> None:
    window = open_window(gardener).goes_to("/albums/")
    window.page.keyboard.press("/")
    assert window.focus.startswith("INPUT#search")
    window.page.keyboard.type("azul")
    window.page.keyboard.press("Enter")
    window.sees(".found img[alt='Farol azul']")
    assert window.path == "/search/?q=azul"
    window.goes_to("/tags/").page.locator(".tag-cloud a", has_text="farol").click()
    window.page.get_by_role("link", name="Search with this tag").click()
    window.sees(".query", "farol")
    window.sees(".found img[alt='Farol azul']").click()
    window.sees("main.viewer h1", "Farol azul")


@pytest.mark.parametrize(("width", "theme"), [(PHONE, "dark"), (WIDE, "light")])
def test_no_page_has_a_fault(open_window: OpenWindow, gardener: Person, width: int, theme: str) -> None:
    """It stays still and within the window, has one title, names for everything and text to be read."""
    found = {}
    stranger = open_window(width=width, theme=theme)
    for path in PUBLIC:
        found[path] = stranger.goes_to(path).settles().faults()
    window = open_window(gardener, width=width, theme=theme)
    places = [*PLACES, *(address_of(window, *where) for where in FOUND)]
    photo = places[-1].partition("?")[0]
    number = photo.strip("/").rpartition("/")[2]
    for path in [*places, *(f"/changes/{number}/{form}/" for form in ("edit", "albums", "delete"))]:
        found[path] = window.goes_to(path).settles().faults()
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_long_words_and_extreme_photos_stay_within_the_page(
    open_window: OpenWindow, tower: Person, width: int
) -> None:
    window = open_window(tower, width=width)
    photo = first_photo(window).partition("?")[0]
    change = photo.replace("photos", "changes")
    album = address_of(window, "/albums/", ".album-card__name a")
    places = ["/albums/", "/tags/", "/uploads/", f"/search/?q={LONG}", album, photo]
    for place in [*places, f"{change}edit/", f"{change}albums/", f"{change}delete/"]:
        assert window.goes_to(place).faults() == [], place
    height = window.goes_to(photo).sees(".stage__photo img").evaluate("image => image.clientHeight")
    assert height <= window.page.evaluate("innerHeight")


@pytest.mark.parametrize("width", [320, PHONE, WIDE, 2560])
def test_public_photo_has_its_own_proportions_within_the_window(
    open_window: OpenWindow, photographer: Person, width: int
) -> None:
    window = open_window(width=width).goes_to("/services/sapo/fotos/")
    tiles = window.page.locator(".tile__link:has(img[alt='Forma'])")
    links = tiles.evaluate_all("all => all.map(a => a.href)")
    assert len(links) == len(SHAPES)
    for link in links:
        window.page.goto(link)
        assert window.settles().faults() == [], link
        height = window.sees(".whole-photo img").evaluate("image => image.clientHeight")
        assert height <= window.page.evaluate("innerHeight")


def address_of(window: Window, place: str, link: str) -> str:
    return str(window.goes_to(place).sees(link).get_attribute("href"))


def test_keyboard_skips_to_the_content(open_window: OpenWindow, gardener: Person) -> None:
    window = open_window(gardener).goes_to("/")
    window.page.keyboard.press("Tab")
    assert window.focus.endswith(".skip")
    assert window.page.locator(".skip").is_visible()
    window.page.keyboard.press("Enter")
    assert window.focus.startswith("MAIN#main")
    window.page.keyboard.press("Tab")
    assert window.page.evaluate("document.activeElement.closest('main') !== null")


def test_back_from_an_older_photo_shows_a_whole_page(open_window: OpenWindow, gardener: Person) -> None:
    window = open_window(gardener).goes_to("/")
    tiles = window.page.locator(".tile__link")
    before = tiles.count()
    window.page.get_by_role("link", name="Older photos").click()
    oldest = window.sees(f".month--later .tile__link >> nth={MANY - before}")
    assert tiles.count() == MANY + 1
    address = oldest.get_attribute("href")
    oldest.click()
    window.sees("main.viewer h1")
    for steps in (1, 2):  # to the list as it stood, then to its beginning
        window.page.go_back()
        window.sees("header.app-bar")
        window.sees(".tile__link")
        assert window.page.locator("html > head > title").count() == 1
        if steps == 1:
            window.sees(f".tile__link[href='{address}']")
    assert window.path == "/"
    window.sees("img[alt='Farol azul']")


def test_click_right_after_a_page_opened_takes_effect(open_window: OpenWindow, gardener: Person) -> None:
    """While a page fades in, Chromium gives a click to the fade; Playwright's own click() waits it out."""
    window = open_window(gardener, has_scripts=False)
    for _walk in range(3):
        window.goes_to("/albums/")
        window.page.locator(".app-bar a", has_text="Photos").first.click()
        window.page.wait_for_url(f"{window.site_url}/")
        box = window.sees(".tile__link").bounding_box()
        assert box is not None
        window.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        window.sees("main.viewer h1", "Farol azul")


def test_gallery_is_walked_through_without_scripts(open_window: OpenWindow, gardener: Person) -> None:
    window = open_window(gardener, has_scripts=False).goes_to("/")
    window.page.get_by_role("link", name="Older photos").click()
    window.page.wait_for_url("**/?after=*")
    window.sees("header.app-bar")
    tile = window.sees(".tile__link")
    title = tile.get_by_role("img").get_attribute("alt")
    tile.click()
    window.sees("main.viewer h1", title)
    newer = str(window.page.locator("a[rel=prev]").get_attribute("href"))
    window.page.locator("a[rel=prev]").click()
    window.page.wait_for_url(lambda url: url.endswith(newer))
    window.sees("main.viewer h1")
    window.goes_to("/albums/").page.locator(".album-card__name a", has_text="Horta").click()
    window.sees("h1", "Horta")
    window.page.locator(".more a").click()
    window.page.wait_for_url("**/albums/*/?after=*")
    window.sees("h1", "Horta")
    window.sees(".tile__link").click()
    window.sees(".mini", "Horta")
