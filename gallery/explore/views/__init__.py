"""The explore pages: for signed-in people, each through their own linked accounts."""
