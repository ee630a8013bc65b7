"""Looks at a running site: every page at two widths in both themes, as pictures in a folder.

    .venv/bin/python -m tests.support.screenshots http://127.0.0.1:8000 var/shots --password demo-password

Prints for each page what a person cannot see in a picture: what the console said (a breach of the
content security policy, a missing file), how far things moved, the answer's status. Ends with 1 if
any page had such trouble. `--readme FILE` also makes the picture of the README.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]
WIDTHS = {390: 844, 1440: 1000}
THEMES = ("light", "dark")
LARGEST_SHIFT = 0.0
COUNT_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""

PUBLIC_PAGES = {
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "new-password": "/accounts/password/reset/",
    "new-password-sent": "/accounts/password/reset/done/",
    "old-link": "/accounts/password/reset/key/1-x/",
    "nothing-here-signed-out": "/nothing-here/",
}
PAGES = {
    "home": "/",
    "albums": "/albums/",
    "collections": "/collections/",
    "tags": "/tags/",
    "search": "/search/?q=laranja",
    "explore": "/explore/",
    "explore-search": "/explore/search/?tags=mar&ask=all",
    "accounts": "/linked/",
    "upload": "/uploads/new/",
    "uploads": "/uploads/",
    "password": "/accounts/password/change/",
    "email": "/accounts/email/",
    "sign-out": "/accounts/logout/",
    "nothing-linked": "/accounts/3rdparty/login/cancelled/",
    "not-linked": "/accounts/3rdparty/login/error/",
    "nothing-here": "/nothing-here/",
}
# Pages whose address only the site knows: the first link that fits, on a page that has it.
FOUND_PAGES = {
    "photo": ("/", ".tile__link"),
    "album": ("/albums/", ".album-card__name a"),
    "collection": ("/collections/", ".album-card__name a"),
    "tag": ("/tags/", ".tag-cloud a"),
}


@dataclass
class Look:
    """One page as it was seen."""

    name: str
    status: int = 0
    shift: float = 0.0
    messages: list[str] = field(default_factory=list)

    @property
    def troubles(self) -> list[str]:
        found = list(self.messages)
        if self.status >= 500:
            found.append(f"status {self.status}")
        if self.shift > LARGEST_SHIFT:
            found.append(f"moved by {self.shift:.4f}")
        return found


def shoot(page: Page, address: str, file: Path, is_whole: bool) -> Look:
    look = Look(file.stem)

    def on_message(message: object) -> None:
        # A page that is meant to be missing says so in the console as well.
        text = getattr(message, "text", str(message))
        if getattr(message, "type", "error") == "error" and "404" not in text and "401" not in text:
            look.messages.append(text)

    page.on("console", on_message)
    page.on("pageerror", on_message)
    answer = page.goto(address, wait_until="networkidle")
    look.status = answer.status if answer else 0
    page.mouse.wheel(0, 3000)
    page.wait_for_timeout(250)
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(100)
    look.shift = page.evaluate("window.shifted")
    page.screenshot(path=file, full_page=is_whole)
    page.remove_listener("console", on_message)
    page.remove_listener("pageerror", on_message)
    return look


def sign_in(page: Page, site: str, user: str, password: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", password)
    page.click("main button.btn--primary")
    page.wait_for_load_state("networkidle")
    if "/accounts/login/" in page.url:
        raise SystemExit(f"{user} could not sign in")


def addresses(page: Page, options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Names and addresses: first the pages for everyone, then, signed in, all others."""
    for name, path in PUBLIC_PAGES.items():
        yield name, options.site + path
    sign_in(page, options.site, options.user, options.password)
    for name, path in PAGES.items():
        yield name, options.site + path
    for name, (start, selector) in FOUND_PAGES.items():
        page.goto(options.site + start)
        link = page.query_selector(selector)
        if link:
            yield name, page.evaluate("link => link.href", link)


def window(browser: Browser, width: int, theme: str) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme=theme,  # type: ignore[arg-type]
        locale="en-GB",
    )
    context.add_init_script(COUNT_SHIFTS)
    return context


def looks(browser: Browser, options: argparse.Namespace) -> Iterator[Look]:
    for width, theme in product(WIDTHS, THEMES):
        context = window(browser, width, theme)
        page = context.new_page()
        for name, address in addresses(page, options):
            if not options.pages or name in options.pages:
                file = Path(options.folder) / f"{name}-{width}-{theme}.png"
                yield shoot(page, address, file, options.whole)
        context.close()


def picture_for_readme(browser: Browser, options: argparse.Namespace) -> None:
    context = window(browser, 1440, "light")
    page = context.new_page()
    sign_in(page, options.site, options.user, options.password)
    page.goto(options.site, wait_until="networkidle")
    page.screenshot(path=options.readme, type="jpeg", quality=78)
    context.close()


def main() -> int:
    parser = argparse.ArgumentParser(description="Looks at a running site.")
    parser.add_argument("site")
    parser.add_argument("folder")
    parser.add_argument("pages", nargs="*", help="names of pages; all without")
    parser.add_argument("--user", default="demo")
    parser.add_argument("--password", required=True)
    parser.add_argument("--whole", action="store_true", help="the whole length of each page")
    parser.add_argument("--readme", help="also make the picture of the README, here")
    options = parser.parse_args()
    options.site = options.site.rstrip("/")
    Path(options.folder).mkdir(parents=True, exist_ok=True)
    has_trouble = False
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for look in looks(browser, options):
            print(f"{look.name:40} {look.status} {'; '.join(look.troubles) or 'well'}")  # noqa: T201
            has_trouble = has_trouble or bool(look.troubles)
        if options.readme:
            picture_for_readme(browser, options)
        browser.close()
    return 1 if has_trouble else 0


if __name__ == "__main__":
    sys.exit(main())
