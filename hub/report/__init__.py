"""The night's report: its facts from the books, its page below the home."""

from hub.report.collect import collect
from hub.report.pages import balanced, write
from quality.reports.night import summary

__all__ = ["balanced", "collect", "summary", "write"]
