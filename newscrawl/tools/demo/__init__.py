"""The sample wire: an invented agency and two invented newspapers, served on loopback and really crawled."""
