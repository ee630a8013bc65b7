"""What the accounts tell the apps above them, which they must not know."""

from django.dispatch import Signal

# Sent with account=LinkedAccount, after commit.
account_ready = Signal()  # linked, connected again, or answering again: what waited may go on
account_left = Signal()  # unlinked: everything that hangs from it is to be taken down
