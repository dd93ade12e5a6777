"""The body of a request: JSON in UTF-8, one object, and nothing else."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, parsers


class StrictJSONParser(parsers.JSONParser):
    """JSON in UTF-8 and nothing else; depth bombs are bad input, not a crash."""

    strict = True

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Parse the body; refuses what is no object."""
        try:
            found = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise exceptions.ParseError(_("The body is nested too deeply.")) from error
        if not isinstance(found, dict):
            raise exceptions.ParseError(_("The body must be a JSON object."))
        return found
