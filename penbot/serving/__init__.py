"""Starting things: Rasa without TensorFlow, training, the servers, and their supervisor."""
