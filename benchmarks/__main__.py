"""`make bench`: figures of one run on this machine, as ratios where machines differ."""

from benchmarks import attention, homes, imports, posting, starting
from benchmarks.click import Figures, Job, measure
from benchmarks.jobs import JOBS

WAYS = {"bare": "(a) bare Bolt", "insert": "(b) bare Bolt and one ORM insert", "ours": "ours"}


def main() -> None:
    for job in JOBS:
        show(job, measure(job))
    homes.main()
    starting.main()
    posting.main()
    imports.main()
    attention.main()


def show(job: Job, figures: dict[str, Figures]) -> None:
    print(f"{job.title}; milliseconds")
    print(f"  {'':34}{'median':>8}{'p95':>8}{'cpu':>8}{'statements':>12}")
    for name, title in WAYS.items():
        one = figures[name]
        print(f"  {title:34}{one.median:8.2f}{one.p95:8.2f}{one.cpu:8.2f}{one.statements:12.0f}")
    ours, bare, insert = figures["ours"], figures["bare"], figures["insert"]
    print(f"  ours ÷ (a) {ours.median / bare.median:.1f}   "
          f"ours ÷ (b) {ours.median / insert.median:.1f} (aim: at most 2.0), "
          f"in processor time {ours.cpu / insert.cpu:.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
