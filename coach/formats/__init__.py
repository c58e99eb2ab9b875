"""What was trained, as text for other programs and back: Hevy, Strong, and the journal itself as JSON and CSV.

Law: a file that is read is untrusted. Its bytes, rows and cells are bounded; every finding is reported with its row.
From a file with a finding nothing is imported.
"""

HEVY, STRONG, JSON, CSV = FORMATS = ("hevy", "strong", "json", "csv")
