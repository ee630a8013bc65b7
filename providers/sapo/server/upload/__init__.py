"""Receiving the file of a photo and reading what it holds (docs/protocols/sapo.md, upload)."""

UPLOAD = "uploadPost"  # no operation of the bus, but one that a fault plan may name
