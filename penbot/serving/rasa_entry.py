"""The only way Rasa is started here: for training, serving and tests alike.

python -m penbot.serving.rasa_entry train --fixed-model-name x
"""

from __future__ import annotations

import os
import sys
import warnings

from penbot.serving import no_tensorflow

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def prepare() -> None:
    """Make `import rasa` possible and quiet. Call before it; calling again does no harm."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    for variable in _ONE_THREAD:  # a message is too small to share out: threads cost more than they bring
        os.environ.setdefault(variable, "1")
    # What a user cannot act on: other packages' plans for their next versions.
    for category in (DeprecationWarning, FutureWarning, PendingDeprecationWarning):
        warnings.filterwarnings("ignore", category=category)
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
    no_tensorflow.install()


def main() -> None:
    prepare()
    from rasa.__main__ import main as rasa

    sys.argv[0] = "rasa"
    rasa()


if __name__ == "__main__":
    main()
