"""Path converters, registered by importing this module."""

from django.urls import register_converter


class IdConverter:
    """An id: up to 18 digits, so that no path can overflow a database integer."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        """Read it."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Write it."""
        return str(value)


register_converter(IdConverter, "id")
