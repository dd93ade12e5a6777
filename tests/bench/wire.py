"""A lean HTTP client for benches: a general one took an eighth of a two-core machine from the server it measured."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import Any
from urllib.parse import urlsplit

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Answer:
    """Status, headers and body of one answer."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status_code = status
        self.headers = headers
        self.text = (gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body).decode()

    def json(self) -> Any:
        """Return the body as JSON says it."""
        return json.loads(self.text)


class Wire:
    """Kept-alive connections to one server."""

    def __init__(self, base_url: str, headers: dict[str, str]) -> None:
        self.base_url = base_url
        self.host, self.port = urlsplit(base_url).hostname, urlsplit(base_url).port
        lines = {"Host": f"{self.host}:{self.port}", "Accept-Encoding": "gzip", "Accept": "application/json", **headers}
        self.head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.idle: list[Stream] = []

    async def post(self, path: str, body: Any, headers: dict[str, str]) -> Answer:
        """POST JSON; raises OSError or EOFError when the connection breaks."""
        content = json.dumps(body).encode()
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        lines = f"POST {path} HTTP/1.1\r\n{self.head}{more}Content-Type: application/json\r\n"
        stream = await self.connection()
        stream[1].write(f"{lines}Content-Length: {len(content)}\r\n\r\n".encode() + content)
        answer = await read(stream[0])
        self.idle.append(stream)
        return answer

    async def connection(self) -> Stream:
        """Return an idle connection that the server has not closed meanwhile, or a new one."""
        while self.idle:
            reader, writer = self.idle.pop()
            if not reader.at_eof():
                return reader, writer
            writer.close()
        return await asyncio.open_connection(self.host, self.port)


async def read(reader: asyncio.StreamReader) -> Answer:
    """Read one answer with a length or in chunks."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    if "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
    else:
        body = b""
        while size := int(await reader.readline(), 16):
            body += (await reader.readexactly(size + 2))[:size]
        await reader.readline()
    return Answer(int(first.split(" ")[1]), headers, body)
