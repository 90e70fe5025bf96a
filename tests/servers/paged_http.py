"""A listing on loopback, in pages: by cursor, link header, FHIR's link or offset, as the path says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import accumulate, pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

from simulators.answering import answering
from tests.servers.lines import HOST


@dataclass
class Listing:
    url: str = ""
    pages: list[list[str]] = field(default_factory=list)
    # What the next link says, in place of the truth.
    next_link: str | None = None
    # What stands in place of FHIR's list of links.
    links: object = "as they should be"
    # By offset: what becomes of the records after so many requests.
    moves: dict[int, list[str]] = field(default_factory=dict)
    ignores_offset: bool = False
    asked: list[str] = field(default_factory=list)

    @property
    def records(self) -> list[str]:
        return [record for page in self.pages for record in page]

    def in_pages(self, records: list[str], sizes: list[int]) -> None:
        ends = [0, *accumulate(sizes)]
        self.pages = [records[start:end] for start, end in pairwise(ends)]

    def answer(self, kind: str, query: dict[str, str]) -> tuple[Any, dict[str, str]]:
        if kind == "offset":
            return self._from_offset(int(query.get("offset", "0")), int(query["limit"])), {}
        page = int(query.get("cursor", "0"))
        is_last = page + 1 >= len(self.pages)
        link = self.next_link or f"/{kind}?cursor={page + 1}"
        records = self.pages[page] if self.pages else []
        if kind == "cursor":
            return {"records": records, "next": None if is_last else str(page + 1)}, {}
        if kind == "bundle":
            links = [{"relation": "self", "url": "x"}, {"relation": "next", "url": link}]
            told = links[: 1 if is_last else 2] if self.links == "as they should be" else self.links
            return {"records": records, "link": told}, {}
        more = {} if is_last else {"Link": f'</first>; rel="first", <{link}>; rel="next last"'}
        return {"records": records, "page": page}, more

    def _from_offset(self, offset: int, limit: int) -> Any:
        records = self.moves.get(
            max((n for n in self.moves if n <= len(self.asked)), default=0), self.records
        )
        start = 0 if self.ignores_offset else offset
        return {"records": records[start : start + limit]}


@contextmanager
def paged_http() -> Iterator[Listing]:
    listing = Listing()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            listing.asked.append(self.path)
            asked = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(asked.query).items()}
            said, headers = listing.answer(asked.path.strip("/"), query)
            body = json.dumps(said).encode()
            self.send_response(200)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer((HOST, 0), Handler)
    listing.url = f"http://{HOST}:{server.server_port}"
    with answering(server):
        yield listing
