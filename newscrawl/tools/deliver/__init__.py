"""Closed files of stories pushed to where people want them: at least once, in order, from a durable cursor."""
