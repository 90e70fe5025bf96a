class InvalidIdentifierError(ValueError):
    """Names the kind and its form, never the text that was refused: that may be a child's."""

    def __init__(self, kind: str, looks_like: str) -> None:
        super().__init__(kind, looks_like)
        self.kind = kind
        self.looks_like = looks_like

    def __str__(self) -> str:
        return f"not a valid {self.kind}: it should be {self.looks_like}. Correct it where it was recorded."
