import contextvars
import threading
from collections.abc import Callable

from connectors.tally import Account, CallCounts, add_everywhere, counting


def in_thread(work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_a_stretch_counts_its_own_calls_and_those_of_its_copies() -> None:
    account = Account()
    add_everywhere(account, "read")
    with counting() as calls:
        add_everywhere(account, "read")
        context = contextvars.copy_context()
        in_thread(lambda: context.run(add_everywhere, account, "write"))
        in_thread(lambda: add_everywhere(account, "limited"))
    assert calls == CallCounts(read=1, write=1)
    assert account.counts == CallCounts(read=2, write=1, limited=1)


def test_a_stretch_within_a_stretch_counts_for_both() -> None:
    account = Account()
    with counting() as outer:
        with counting() as inner:
            add_everywhere(account, "waited_seconds", 1.5)
        add_everywhere(account, "retried")
    assert inner == CallCounts(waited_seconds=1.5)
    assert outer == CallCounts(waited_seconds=1.5, retried=1)


class SlowCounts(CallCounts):
    """Counts that let other threads in between reading and writing."""

    def __setattr__(self, name: str, value: float) -> None:
        threading.Event().wait(0.0001)
        super().__setattr__(name, value)


def test_no_call_of_several_threads_is_lost() -> None:
    account = Account()
    account.counts = SlowCounts()

    def count() -> None:
        for _ in range(20):
            account.add("read")

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert account.counts.read == 80
