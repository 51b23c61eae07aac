"""One JSON object a line on stdout."""

import json
import logging
import sys
from datetime import UTC, datetime

logger = logging.getLogger("<% name %>")


class JsonLines(logging.Formatter):
    """JSON escapes line breaks, so no value of a request can forge a line.

    `extra={"fields": {...}}` adds fields. Never pass headers, tokens, bodies or settings.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            "service": "<% name %>",
        }
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)


def set_up_log() -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logger.setLevel(logging.INFO)


def reason_of(error: BaseException) -> str:
    """What went wrong at the bottom: libraries wrap the reason in errors that say little of it."""
    if isinstance(error.__cause__, Exception):
        return reason_of(error.__cause__)
    return f"{type(error).__name__}: {error}"
