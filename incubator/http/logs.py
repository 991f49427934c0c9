"""Structured logs: one JSON object per line on standard error, with the request's id."""

import logging
import re
import sys

import structlog
from structlog.typing import EventDict

#: PostgreSQL appends the values of the rejected row: a person's name, an address.
_VALUES = re.compile(r"^DETAIL: .*$", re.M)


def without_values(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Remove row values: a fault is found by its place and kind, and personal data does not belong in logs."""
    if "exception" in event:
        event["exception"] = _VALUES.sub("DETAIL: …", event["exception"])
    return event


def log_as_json() -> None:
    """Set up logging, once per process; libraries' warnings go the same way."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            without_values,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
