"""Reading and writing what goes over the wire (docs/protocols/sapo.md)."""
