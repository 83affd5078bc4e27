"""What is told of a failure that nobody foresaw: its kind and place, and no value of a request."""

import traceback
from pathlib import Path

_SANDBOX = Path(__file__).parent
"""Where frames are the sandbox's own, rather than those of a library that it calls."""


def told(error: Exception) -> str:
    """Return the kind of a failure and the innermost place of the sandbox that it came from.

    Its message is left out, since it may hold people's data.
    """
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(_SANDBOX)]
    last = (own or frames)[-1]
    path = Path(last.filename)
    place = path.relative_to(_SANDBOX).as_posix() if own else path.name
    return f"{type(error).__name__} at {place}:{last.lineno}"
