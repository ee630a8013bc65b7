"""What follows from SAPO's statuses of an upload (docs/protocols/sapo.md)."""

from providers.contract.policy import UploadPolicy
from providers.sapo.protocol import UploadStatus

POLICY = UploadPolicy(
    worth_tries={
        UploadStatus.INVALID_UPLOAD: 2,
        UploadStatus.MISSING_TOKEN: 3,
        UploadStatus.INVALID_TOKEN: 3,
        UploadStatus.INVALID_IMAGE: 3,
        UploadStatus.NO_FILE: 2,
        UploadStatus.FILE_COUNT_EXCEEDED: 2,
        UploadStatus.INVALID_FILE: 2,
        UploadStatus.PROBLEMS_SAVING_IMAGE: 3,
    },
    may_be_there=frozenset({UploadStatus.EXHAUSTED_TOKEN, UploadStatus.SUCCESS}),
    about_the_account=frozenset({UploadStatus.INVALID_OWNER}),
)
