"""What was trained, as text for other programs, and back: Hevy, Strong, and the journal itself as JSON and CSV.

Law: a file that is read is untrusted. It is bounded in bytes, rows and cells; every fault is told with its row; a file
with a fault gives nothing at all.
"""

HEVY, STRONG, JSON, CSV = FORMATS = ("hevy", "strong", "json", "csv")
