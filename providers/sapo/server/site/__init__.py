"""The server's pages and pictures for people."""
