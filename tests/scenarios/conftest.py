"""The floor, over both transports and on both databases; and Meridian's export at work."""

from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest

from models.base import Database
from tests.reused import Reused
from tests.scenarios import meridian as real
from tests.scenarios.floor import Floor, at_work, six_deals
from tests.scenarios.sessions import MINUTE, WED, stand

PAIRS = ("socket-sqlite", "http-postgresql")
LIVED = {
    "test_a_review", "test_a_week", "test_attention", "test_first_run", "test_forecast",
    "test_health_check", "test_one_on_ones", "test_ratings", "test_review_by_the_week",
}  # fmt: skip
"""What is gone through as people live it: over both. The rest asks how a click or a mistake is
answered, of rules that are tried on both databases by themselves: over one of them, by its name."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen = {mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")}
    if "floor" in metafunc.fixturenames and "floor" not in chosen:
        name = metafunc.function.__name__
        is_lived = metafunc.module.__name__.rpartition(".")[2] in LIVED
        pairs = PAIRS if is_lived else PAIRS[crc32(name.encode()) % 2 :][:1]
        metafunc.parametrize("floor", pairs, indirect=True)


@pytest.fixture
def floor(request: pytest.FixtureRequest, reused: Reused) -> Iterator[Floor]:
    """Socket Mode on SQLite, signed HTTP on PostgreSQL."""
    transport, kind = request.param.split("-")
    url, world = request.getfixturevalue(f"{kind}_north")
    with reused.at(url) as database, at_work(database, transport, world) as at:
        yield at


@pytest.fixture
def review(floor: Floor) -> Floor:
    """The floor with a live review of six deals, its cards posted."""
    six_deals(floor)
    floor.max.command("C0WEST", "/pipeline-review")
    assert floor.max.submit()["ok"]
    floor.deliver()
    return floor


@pytest.fixture
def reminded(floor: Floor) -> Floor:
    """Ten minutes before Max and Ana sit together; Ana owns three deals."""
    six_deals(floor)
    stand(floor)
    floor.later(WED - 10 * MINUTE)
    return floor


@pytest.fixture
def meridian(
    migrated_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[real.Meridian]:
    """Meridian set up from its reps.csv, its deals.csv imported, the bot at work."""
    database = Database(migrated_url)
    monkeypatch.chdir(tmp_path)
    Path("team.toml").write_text(real.team_file(), encoding="utf-8")
    Path("owners.csv").write_text(real.owner_file(), encoding="utf-8")
    with real.at_work(database) as floor:
        monkeypatch.setenv("DATABASE_URL", migrated_url)
        monkeypatch.setenv("SLACK_BOT_TOKEN", real.TOKEN)
        monkeypatch.setenv("SLACK_API_URL", floor.server.api_url)
        assert "changes in Meridian: done." in floor.command("setup", "team.toml")
        mapped = (f"--mapping={real.COLUMNS}", "--owner-map=owners.csv")
        assert "75 new: 40 open, 27 won, 8 lost" in floor.command(
            "import", str(real.EXPORT), *mapped
        )
        floor.later(minutes=10)
        yield floor
    database.dispose()
