"""Liveness and readiness checks for monitoring."""

from litestar import Response, get

from incubator import config
from incubator.core.disk import LEAST_FREE, free_bytes, temporary_room
from incubator.db.migrating import pending


@get("/health")
async def health() -> dict[str, str]:
    """Report that the process answers."""
    return {"status": "ok"}


@get("/ready")
async def ready() -> Response[dict[str, object]]:
    """Report whether the database answers, every migration has run, and disk and temporary folder have room."""
    try:
        waiting = await pending()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the database, the answer is "not ready"
        return Response({"status": "no database", "error": type(error).__name__}, status_code=503)
    if waiting:
        return Response({"status": "migrations pending", "migrations": waiting}, status_code=503)
    free = free_bytes(config.settings.data)
    if free < LEAST_FREE:
        return Response({"status": "disk full", "free_mb": free // 2**20}, status_code=503)
    room = temporary_room()
    if not room.is_writable:
        return Response({"status": "temporary folder not writable", "folder": room.folder}, status_code=503)
    if room.is_full:
        return Response({"status": "temporary folder full", "free_mb": room.free // 2**20}, status_code=503)
    return Response({"status": "ready"})


PAGES = [health, ready]
