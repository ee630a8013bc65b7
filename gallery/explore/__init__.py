"""Looking beyond one's own gallery: what services put forward, other people's public photos."""
