"""The laws of the dialogue, tested on random conversations and in every situation."""
