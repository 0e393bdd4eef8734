"""The machine a measurement was made on, and the memory that processes take."""

from __future__ import annotations

import os
import platform
from pathlib import Path

_PROC = Path("/proc")


def described() -> dict[str, str | int]:
    """CPU model, cores, and how busy the machine is before we begin (mean of the last minute)."""
    return {
        "cpu": _cpu_model(),
        "nucleos": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "carga": f"{os.getloadavg()[0]:.2f}",
        "sistema": platform.platform(terse=True),
        "python": platform.python_version(),
    }


def resident_mb(processes: list[int]) -> float | None:
    """VmRSS of the processes and their children, summed; None where there is no /proc."""
    if not (_PROC / "self/status").exists():
        return None
    family = {member for process in processes for member in _family(process)}
    return sum(_resident_kb(member) for member in family) / 1024


def _cpu_model() -> str:
    try:
        lines = (_PROC / "cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _family(process: int) -> list[int]:
    try:
        children = (_PROC / f"{process}/task/{process}/children").read_text().split()
    except OSError:
        children = []
    return [process, *(member for child in children for member in _family(int(child)))]


def _resident_kb(process: int) -> int:
    for line in (_PROC / f"{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
