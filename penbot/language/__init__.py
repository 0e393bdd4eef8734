"""Portuguese text, without any idea of what the assistant knows. Pure Python."""
