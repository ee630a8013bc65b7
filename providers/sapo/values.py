"""How single values are written in requests of either binding."""

from providers.xml import clean


def as_text(value: object) -> str:
    """Flags in lower case, numbers in decimal, texts without what XML cannot hold."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return clean(str(value))
