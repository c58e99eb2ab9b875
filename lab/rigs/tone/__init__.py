"""A made-up whistled language the real Vosk engine understands: no download, no training, exact answers."""

from lab.rigs.tone.model import ToneLanguage, write_model
from lab.rigs.tone.voice import RATE, whistle

__all__ = ["RATE", "ToneLanguage", "whistle", "write_model"]
