"""What can go wrong while the sample portal is built?"""


class SampleError(Exception):
    """Root of the sample portal's errors."""


class TextError(SampleError):
    """A file under texts/ cannot be read as a document."""

    def __init__(self, file: str, reason: str) -> None:
        self.file, self.reason = file, reason
        super().__init__(f"{file}: {reason}; the format is described at the top of corpus/sample/articles.py")


class MissingPdfWriterError(SampleError):
    """reportlab, which writes the portal's PDF attachments, is not installed."""

    def __init__(self) -> None:
        super().__init__("the sample portal's PDF attachments need reportlab: pip install 'gongkai[demo]'")
