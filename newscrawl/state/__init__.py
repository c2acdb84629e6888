"""The SQLite file of an output folder: what was seen. An index; the lines are the truth."""
