"""The version of this code: the package's, the panel's and the one that `/health/` tells."""

VERSION = "0.1.0"
