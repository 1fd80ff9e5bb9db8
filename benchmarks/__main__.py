"""`make bench`: figures of one run on this machine, as ratios where machines differ."""

from benchmarks import click


def main() -> None:
    median = click.measure()
    print("One signed click that decides, median milliseconds")
    print(f"  (a) bare Bolt                        {median['bare']:6.2f}")
    print(f"  (b) bare Bolt and one ORM insert     {median['insert']:6.2f}")
    print(f"  ours                                 {median['ours']:6.2f}")
    print(f"  ours ÷ (a) {median['ours'] / median['bare']:.1f}   "
          f"ours ÷ (b) {median['ours'] / median['insert']:.1f} (aim: at most 2.0)")  # fmt: skip


if __name__ == "__main__":
    main()
