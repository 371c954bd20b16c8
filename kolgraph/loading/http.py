"""stub"""


class Client:
    """Stub until the polite client lands."""

    def __init__(self, loader: object, ask: object):
        pass
