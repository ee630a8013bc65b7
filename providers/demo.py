"""How a service takes part in the demo, with its built-in server: DEMO in `demo.py` of its folder. One
without it is left out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from providers.registry import modules


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """Somebody with an account on a built-in server. `is_operator`: who looks after this site as well."""

    username: str
    email: str
    password: str
    is_operator: bool = False


class Visitor(Protocol):
    """The demo's person in front of the site's pages, signed in."""

    def submit(self, address: str, fields: Mapping[str, str]) -> None:
        """Send the form of a page."""

    def consent(self, address: str) -> None:
        """Send the form of a page, say yes on the page of the service that follows, and come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """`story` is the one that is told there, by its name in gallery/demo/story.py; with `neighbour_story`
    there is somebody else as well, to come upon.

    `open` opens an account or brings it up to date, `bring` fills it from a folder, `link` links it.
    """

    story: str
    neighbour_story: str = ""
    open: Callable[[Visitor, DemoPerson], None]
    bring: Callable[[DemoPerson, Path], None]
    link: Callable[[Visitor, DemoPerson], None]


def demos() -> dict[str, Demo]:
    """Of each service that takes part, by the service's id."""
    return {kind_id: module.DEMO for kind_id, module in modules("demo").items()}
