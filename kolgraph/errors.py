"""Every error that kolgraph raises on purpose; a message says what was asked, what was found, what to do.

KolgraphError
├── UsageError        the request cannot be right: unknown topic, missing file, malformed option
├── InputError        a file or an answer is not what it claims to be
│   └── TruncatedError    it ends before its end
├── SourceError       a service did not deliver, although asked politely
├── StoreError        the graph cannot be opened, read or written
│   └── NoGraphError      nothing has been built there yet
├── BusyError         another process writes to this workspace
└── LedgerError       the ledger refuses an entry, or its chain is broken
"""


class KolgraphError(Exception):
    """One clear line for the person who asked."""

    exit_code = 1

    @property
    def sentence(self) -> str:
        """The line as a sentence, for a screen."""
        words = str(self)
        return f"{words[:1].upper()}{words[1:]}."


class UsageError(KolgraphError):
    exit_code = 2


class InputError(KolgraphError):
    exit_code = 3


class TruncatedError(InputError):
    pass


class SourceError(KolgraphError):
    """`body` is the answer that ended it, for the quarantine."""

    exit_code = 4

    def __init__(self, message: str, body: bytes = b""):
        super().__init__(message)
        self.body = body


class StoreError(KolgraphError):
    exit_code = 5


class NoGraphError(StoreError):
    pass


class BusyError(KolgraphError):
    exit_code = 6


class LedgerError(KolgraphError):
    exit_code = 7
