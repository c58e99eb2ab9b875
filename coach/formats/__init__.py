"""What was trained, as text for other programs and back: Hevy, Strong, and the journal itself as JSON and CSV.

Law: a file that is read is untrusted. Its bytes, rows and cells are bounded; every fault is reported with its row. A
file with a fault gives nothing at all.
"""

HEVY, STRONG, JSON, CSV = FORMATS = ("hevy", "strong", "json", "csv")
