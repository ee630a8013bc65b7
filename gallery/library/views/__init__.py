"""The library's pages. All are for the signed-in person alone and show only what is theirs."""
