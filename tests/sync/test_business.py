"""Random business on both platforms, pulled again and again: after every pull the mirror is the books."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.proving import counted, examples
from tests.sync.business import Act, Business, acts
from tests.sync.pulls import PLATFORMS, Puller, a_puller

NO_STORY = -100
"""Weeks after the start at which the sandbox's story ends: before it has begun."""

weather = st.sampled_from(("fair", "fair", "fair", "feed down", "one kind refused", "long silence", "unstamped"))
"""What reading goes through before a pull; the last is a way of the books'."""


@pytest.mark.prove
@pytest.mark.parametrize("platform", PLATFORMS)
def test_after_every_pull_the_mirror_is_the_books(tmp_path_factory: pytest.TempPathFactory, platform: str) -> None:
    """Twice in `make test`, two hundred times in `make prove`; at the end everything is read, and nothing differs."""

    @examples(2)
    @given(history=st.lists(st.tuples(st.lists(acts, min_size=1, max_size=6), weather), min_size=2, max_size=6))
    def live(history: list[tuple[list[Act], str]]) -> None:
        with a_puller(tmp_path_factory.mktemp("mirror"), platform, weeks=NO_STORY) as puller:
            puller.road.sandbox.limits(False)
            business = Business(puller.road, "EUR" if platform == "xero" else None)
            puller.pull()
            for happens, today in history:
                puller.road.control.switch("unstamped_settlements", today == "unstamped")
                for act in happens:
                    business.play(act)
                _bring(puller, today)
                puller.pull()
                puller.road.sandbox.faults.clear()
                assert puller.is_true()
                counted(f"pulls of random business on {platform}")
            assert puller.pull(full=True).differed == {}
            counted(f"random histories on {platform}")

    live()


def _bring(puller: Puller, today: str) -> None:
    """The weather of the day."""
    if today == "long silence":
        puller.road.clock.move(days=28)
    elif today == "feed down":
        puller.road.fault("broken", path="/cdc", times=None)
    elif today == "one kind refused":
        puller.road.fault("fault_in_200", path="/cdc", query="Invoice", times=None)
