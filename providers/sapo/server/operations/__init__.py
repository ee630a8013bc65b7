"""The operations of the Photos service (docs/protocols/sapo.md, 1.2): `dispatch` finds them in `table`."""
