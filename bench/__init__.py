"""Speed, memory and understanding of the assistant, beside Rasa's default pipeline on the same data.

python -m bench --help
"""
