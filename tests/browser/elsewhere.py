"""What cannot begin in the thread in which Playwright keeps its event loop."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def elsewhere(entered: AbstractContextManager[T]) -> Iterator[T]:
    """Begun and ended in a thread of its own."""
    with ThreadPoolExecutor(1) as thread, ExitStack() as stack:
        yield thread.submit(stack.enter_context, entered).result()
        thread.submit(stack.close).result()
