"""A site with a certificate that the tests trust."""

from collections.abc import Iterator

import pytest
import trustme

from tests.ical.site import Site


@pytest.fixture(scope="session")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def site(ca: trustme.CA) -> Iterator[Site]:
    with Site(ca) as serving:
        yield serving
