"""What follows from Orange's refusals of an upload (docs/protocols/orange.md, Errors)."""

from providers.contract.policy import UploadPolicy
from providers.orange.protocol import ErrorCode

POLICY = UploadPolicy(about_the_account=frozenset({ErrorCode.OWNER_UNKNOWN}))
