"""Files under ``static/``, served from memory with hashed names, immutable and pre-compressed.

``css/site.txt`` lists the style sheets that are served as one, ``site.css``, as does each other list there. Relative
references inside CSS and modules are rewritten to the hashed names. Indentation is
removed from style sheets; no CSS string can contain it.
"""

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

from litestar import Response, get

from incubator.config import ROOT
from incubator.http.compression import ENCODINGS, Encoding, best_encoding, compressed

_REFERENCE = re.compile(r"""(?<=["'(])(\.{1,2}/[\w./-]+)(?=["')])""")
_INDENTATION = re.compile(r"\n\s+")
_TEXT = {".css", ".js", ".svg", ".txt"}


@dataclass(frozen=True, slots=True)
class File:
    media_type: str
    bodies: dict[Encoding, bytes]
    """By encoding; empty for the file as it is, the only one for formats that are already compressed."""


class Files:
    """All static files by hashed path, and the hashed path by the plain one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._hashed: dict[str, str] = {}
        self.by_path: dict[str, File] = {}
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".txt":
                self.url(path.relative_to(folder).as_posix())

    def url(self, name: str) -> str:
        """Return ``/static/…`` with the hash of the contents; KeyError for an unknown file."""
        if name not in self._hashed:
            body = self._read(name)
            pure = PurePosixPath(name)
            digest = hashlib.blake2b(body, digest_size=6).hexdigest()
            path = f"/static/{pure.with_suffix('')}.{digest}{pure.suffix}"
            self._hashed[name] = path
            self.by_path[path] = _compressed(pure, body)
        return self._hashed[name]

    def _read(self, name: str) -> bytes:
        source = self._folder / name
        if (listed := source.with_suffix(".txt")).is_file():
            parts = listed.read_text("utf-8").split()
            body = "\n".join((source.parent / part).read_text("utf-8") for part in parts)
        else:
            if not source.is_file():
                raise KeyError(name)
            if source.suffix not in {".css", ".js"}:
                return source.read_bytes()
            body = source.read_text("utf-8")
        if name.endswith(".css"):
            body = _INDENTATION.sub("\n", body)
        folder = PurePosixPath(name).parent
        return _REFERENCE.sub(lambda m: self.url(normpath(f"{folder}/{m[1]}")), body).encode()


def _compressed(name: PurePosixPath, body: bytes) -> File:
    kind = mimetypes.guess_type(name.name)[0] or "application/octet-stream"
    if name.suffix not in _TEXT:
        return File(kind, {"": body})
    packed = {encoding: compressed(body, encoding, quality=11) for encoding in ENCODINGS}
    return File(f"{kind}; charset=utf-8", packed)


@cache
def files() -> Files:
    return Files(ROOT / "static")


def static(name: str) -> str:
    """Return the address of ``static/<name>``."""
    return files().url(name)


async def serve_static(scope: Any, send: Any) -> bool:
    """Answer a request for a static file; return False if there is no such file."""
    file = files().by_path.get(scope["path"])
    if file is None:
        return False
    if scope["method"] not in {"GET", "HEAD"}:
        headers = [(b"allow", b"GET, HEAD"), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 405, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return True
    accepted = next((v for k, v in scope["headers"] if k == b"accept-encoding"), b"")
    headers = [
        (b"content-type", file.media_type.encode()),
        (b"cache-control", b"public, max-age=31536000, immutable"),
        (b"vary", b"accept-encoding"),
        (b"x-content-type-options", b"nosniff"),
    ]
    encoding = best_encoding(accepted)
    if encoding and encoding in file.bodies:
        headers.append((b"content-encoding", encoding.encode()))
    body = file.bodies.get(encoding, file.bodies[""])
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body if scope["method"] != "HEAD" else b""})
    return True


@get("/favicon.ico")
async def favicon() -> Response[bytes]:
    """Serve the icon: public pages do not name theirs, and a browser asks for it here after loading everything else."""
    icon = files().by_path[static("favicon.ico")]
    return Response(icon.bodies[""], media_type="image/x-icon", headers={"cache-control": "public, max-age=604800"})
