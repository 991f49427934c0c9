"""Minimal LibreOffice spreadsheets, written by hand."""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from pathlib import Path
from typing import IO, TypeVar
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

File = TypeVar("File", Path, IO[bytes])

_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def ods(path: Path, rows: Iterable[Sequence[object]]) -> Path:
    """Return a workbook with one sheet; its last row is padded to the edge, as LibreOffice does with formatted rows."""
    lines = ["".join(map(_cell, row)) for row in rows]
    lines[-1] += '<table:table-cell table:number-columns-repeated="16000"/>'
    return raw_ods(path, "".join(f"<table:table-row>{line}</table:table-row>" for line in lines))


def raw_ods(path: File, table: str) -> File:
    """Write a workbook with one sheet that contains ``table``; return where."""
    content = (
        f'<?xml version="1.0"?><office:document-content {_NAMES}><office:body><office:spreadsheet>'
        f'<table:table table:name="a">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_TYPE}"/></manifest:manifest>'
    )
    with ZipFile(path, "w", ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", _TYPE, ZIP_STORED)
        parts.writestr("META-INF/manifest.xml", manifest)
        parts.writestr("content.xml", content)
    return path


def _cell(value: object) -> str:
    if isinstance(value, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
    if isinstance(value, (int, float)):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'
