"""`python -m bot` is `cadence`, for platforms that do not install the project itself."""

from bot.cli import main

main()
