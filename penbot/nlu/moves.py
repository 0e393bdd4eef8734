"""The one action of the assistant: whatever was heard, it takes the turn and decides (penbot.dialogue)."""

ACTION = "action_conversar"
