"""Our cookies: for this site only, and out of reach of scripts."""

from litestar.datastructures import Cookie

from incubator import config


def own_cookie(name: str, value: str, *, max_age: int | None = None) -> Cookie:
    """Return a cookie. ``max_age`` is in seconds; None: until the browser closes; 0 removes it."""
    return Cookie(
        key=name, value=value, path="/", httponly=True, samesite="lax", secure=config.settings.is_https, max_age=max_age
    )
