"""A page as a reading aid meets it."""

from __future__ import annotations

from html.parser import HTMLParser

INLINE = ("a", "b", "code", "strong")


class Outline(HTMLParser):
    """The page's tags, its headings and its ids, as a reading aid meets them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        # Cells and blocks stand apart, whatever is between their tags.
        self.text += "" if tag in INLINE else " "

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def words(self) -> str:
        return " ".join(self.text.split())

    def named(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in tags]
