"""What can go wrong with imported histories and with timelines, by who can mend it."""


class HistoryFileError(Exception):
    """A file, or what was said about it, can't be read as a history."""


class HistoryHomeError(Exception):
    """A folder is no place for a history, or it can't be told which history is meant."""


class EmptyHistoryError(Exception):
    """No row of the files can be used: nothing was built."""


class NotYetPublishedError(Exception):
    """An instant is asked for that is later than what is published: nobody knows it yet."""


class NoSuchSubjectError(Exception):
    """Nobody, and no record or case, has this id."""
