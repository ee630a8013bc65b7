"""Fault injection: lets an operator see how the gallery behaves when a built-in server misbehaves."""
