"""A person at Chromium: one window of their own, and what its console says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.support.person import Person
from tests.support.screenshots import COUNT_SHIFTS, LARGEST_SHIFT, WIDTHS

HEIGHTS = WIDTHS | {320: 568, 2560: 1440}

Theme = Literal["light", "dark"]

# No trouble: a form that was not understood answers 422, which Chromium writes into the console; and
# who turns the page fast ends the fading of the one before, which it reports as an error of the page.
_EXPECTED = ("status of 422", "Transition was aborted", "Transition was skipped")
_FAULTS = (Path(__file__).parent / "faults.js").read_text(encoding="utf-8")
_TIMEOUT = 30_000  # milliseconds; two cores carry the site, its workers and Chromium


@dataclass
class Window:
    """`errors` are the errors of its console and its scripts, of all pages so far."""

    site_url: str
    context: BrowserContext
    page: Page
    errors: list[str] = field(default_factory=list)

    def on_message(self, message: Any) -> None:
        """A console's message, or an error that a script did not catch."""
        text = str(getattr(message, "text", None) or getattr(message, "error", message))
        if getattr(message, "type", "error") == "error" and not any(part in text for part in _EXPECTED):
            self.errors.append(f"{self.page.url}: {text}")

    def goes_to(self, path: str) -> "Window":
        self.page.goto(self.site_url + path, wait_until="load")
        return self

    def settles(self) -> "Window":
        """Until nothing is on its way any more; on pages that ask again and again it never is."""
        self.page.wait_for_load_state("networkidle")
        return self

    def sees(self, selector: str, text: str | None = None) -> Locator:
        """The first such thing, once it is visible."""
        found = self.page.locator(selector, has_text=text).first
        found.wait_for()
        return found

    def fills(self, **fields: str) -> "Window":
        """Fields of the page's own content, by their names."""
        for name, value in fields.items():
            self.page.locator(f"main [name={name}]").fill(value)
        return self

    def presses(self, button: str) -> "Window":
        self.page.locator("main").get_by_role("button", name=button, exact=True).click()
        return self

    def sends_files(self, files: Sequence[tuple[str, bytes]], **fields: str) -> "Window":
        """On the page where files are chosen, with its script."""
        self.fills(**fields)
        chosen = [{"name": name, "mimeType": "image/jpeg", "buffer": content} for name, content in files]
        self.page.set_input_files("#files", chosen)  # type: ignore[arg-type]
        return self.presses("Send")

    def faults(self) -> list[str]:
        """What is wrong with the page, once it was scrolled to its end: how it moved, and faults.js."""
        height = self.page.evaluate("document.documentElement.scrollHeight")
        for _screen in range(0, min(height, 6000), 800):
            self.page.mouse.wheel(0, 800)
            self.page.wait_for_timeout(50)
        moved = self.page.evaluate("window.shifted")
        return [*([f"moved by {moved}"] if moved > LARGEST_SHIFT else []), *self.page.evaluate(_FAULTS)]

    @property
    def path(self) -> str:
        return str(self.page.evaluate("location.pathname + location.search"))

    @property
    def focus(self) -> str:
        """Tag, id and classes of what has the focus."""
        return str(self.page.evaluate("(e => `${e.tagName}#${e.id}.${e.className}`)(document.activeElement)"))


def opened(
    browser: Browser,
    site_url: str,
    person: Person | None,
    *,
    width: int,
    theme: Theme = "light",
    has_scripts: bool = True,
) -> Window:
    """A new window; signed in where `person` is."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHTS[width]},
        color_scheme=theme,
        java_script_enabled=has_scripts,
        locale="en-GB",
    )
    context.set_default_timeout(_TIMEOUT)
    context.add_init_script(COUNT_SHIFTS)
    if person is not None:
        cookies = [
            {"name": one.name, "value": one.value or "", "url": site_url} for one in person.session.cookies
        ]
        context.add_cookies(cookies)  # type: ignore[arg-type]
    window = Window(site_url, context, context.new_page())
    context.on("console", window.on_message)
    context.on("weberror", window.on_message)
    return window
