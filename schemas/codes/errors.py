from pathlib import Path


class CodeListError(ValueError):
    """A code list or map is written wrongly. It holds codes, not children, so the message may show them."""

    def __init__(self, file: Path, line: int | None, what: str, cure: str) -> None:
        super().__init__(file, line, what, cure)
        self.file = file
        self.line = line  # None where the whole file is meant
        self.what = what
        self.cure = cure

    def __str__(self) -> str:
        where = f"{self.file}" if self.line is None else f"{self.file}, line {self.line}"
        return f"{where}: {self.what}. {self.cure}."
