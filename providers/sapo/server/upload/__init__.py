"""Taking the file of a photo (docs/protocols/sapo.md, upload)."""
