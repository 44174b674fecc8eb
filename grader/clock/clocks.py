"""What replaces the standard library's clocks: `time` and `datetime`, read from a given count of
nanoseconds."""

import datetime as dates
import sys
import time
import uuid
from typing import Any, Callable, List, Optional, Tuple

from grader.clock import replace

Nanoseconds = Callable[[], int]
SECOND = 1_000_000_000
TICKS_BEFORE_1970 = 0x01B21DD213814000  # of 100 ns, since 15 October 1582


def calendar(wall: Nanoseconds) -> replace.Replacements:
    """The functions of `time` that tell the date."""
    gmtime, localtime, ctime, asctime, strftime = (
        time.gmtime,
        time.localtime,
        time.ctime,
        time.asctime,
        time.strftime,
    )

    def _time() -> float:
        return wall() / SECOND

    def _time_ns() -> int:
        return wall()

    def _gmtime(seconds: Optional[float] = None) -> time.struct_time:
        return gmtime(_time() if seconds is None else seconds)

    def _localtime(seconds: Optional[float] = None) -> time.struct_time:
        return localtime(_time() if seconds is None else seconds)

    def _ctime(seconds: Optional[float] = None) -> str:
        return ctime(_time() if seconds is None else seconds)

    def _asctime(*parts: Any) -> str:
        return asctime(*parts) if parts else asctime(_localtime())

    def _strftime(pattern: str, *parts: Any) -> str:
        return strftime(pattern, *parts) if parts else strftime(pattern, _localtime())

    return {
        time.time: _time,
        time.time_ns: _time_ns,
        gmtime: _gmtime,
        localtime: _localtime,
        ctime: _ctime,
        asctime: _asctime,
        strftime: _strftime,
    }


def steady(count: Nanoseconds) -> replace.Replacements:
    """The functions of `time` that measure how long something takes."""

    def _seconds() -> float:
        return count() / SECOND

    def _nanoseconds() -> int:
        return count()

    return {
        time.monotonic: _seconds,
        time.perf_counter: _seconds,
        time.monotonic_ns: _nanoseconds,
        time.perf_counter_ns: _nanoseconds,
    }


def numbered(wall: Nanoseconds, count: Optional[Nanoseconds]) -> replace.Replacements:
    """`time.clock_gettime` and its like, where there are any; without a `count` the calendar's."""
    if not hasattr(time, "clock_gettime"):
        return {}
    real, real_ns = time.clock_gettime, time.clock_gettime_ns
    calendars = _ids("CLOCK_REALTIME", "CLOCK_TAI")
    steadies = _ids("CLOCK_MONOTONIC", "CLOCK_MONOTONIC_RAW", "CLOCK_BOOTTIME", "CLOCK_UPTIME")

    def _clock_gettime_ns(number: int) -> int:
        if number in calendars:
            return wall()
        if number in steadies and count is not None:
            return count()
        return real_ns(number)

    def _clock_gettime(number: int) -> float:
        return _clock_gettime_ns(number) / SECOND

    return {real: _clock_gettime, real_ns: _clock_gettime_ns}


def _ids(*names: str) -> List[int]:
    return [getattr(time, name) for name in names if hasattr(time, name)]


def install_uuids(wall: Nanoseconds) -> None:
    """Give ``uuid.uuid1`` this time, which it may read with a library in C (RFC 9562, 5.1)."""
    library: Any = uuid
    if sys.version_info < (3, 9):  # there it is looked for at the first call
        library._load_system_functions()
    real = getattr(library, "_generate_time_safe", None)
    if real is None:
        return  # then it reads ``time.time_ns``
    last = [0]

    def _generate_time_safe() -> Tuple[bytes, Any]:
        data, safe = real()
        own = uuid.UUID(bytes=data)
        last[0] = max(last[0] + 1, wall() // 100 + TICKS_BEFORE_1970)
        low, middle, high = last[0] & 0xFFFFFFFF, last[0] >> 32 & 0xFFFF, last[0] >> 48 & 0xFFF
        fields = (low, middle, high | 0x1000, *own.fields[3:])
        return uuid.UUID(fields=fields).bytes, safe

    library._generate_time_safe = _generate_time_safe


def install_dates(wall: Nanoseconds) -> None:
    """Replace `now`, `utcnow` and `today` of `datetime` and `date`, in the types themselves."""

    def now(kind: Any, tz: Optional[dates.tzinfo] = None) -> Any:
        return kind.fromtimestamp(wall() / SECOND, tz)

    def utcnow(kind: Any) -> Any:
        return kind.fromtimestamp(wall() / SECOND, dates.timezone.utc).replace(tzinfo=None)

    def today(kind: Any) -> Any:
        return kind.fromtimestamp(wall() / SECOND)

    replace.in_type(dates.datetime, "now", classmethod(now))
    replace.in_type(dates.datetime, "utcnow", classmethod(utcnow))
    replace.in_type(dates.date, "today", classmethod(today))
