"""Why a command was refused: exceptions named for the situation, with the status and the row a client needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from incidents.row import Row


class Refusal(Exception):
    """The command did not happen; nothing was written."""

    status = 400
    code = "bad_input"
    sentence: Any = _("The request was refused.")

    def __init__(self, sentence: Any = None, *, current: Row | None = None, fields: dict[str, list[Any]] | None = None):
        super().__init__(str(self.code))
        self.sentence = sentence or self.sentence
        self.current = current
        self.fields = fields


class BadInput(Refusal):
    """A field holds what it may not hold; `fields` names it by its path."""

    sentence = _("Some fields hold what they may not hold.")

    def __init__(self, **fields: Any):
        super().__init__(fields={name.replace("__", "."): [message] for name, message in fields.items()})


class Forbidden(Refusal):
    """The row is visible, the act is not this person's."""

    status, code = 403, "forbidden"
    sentence = _("Your role does not allow this.")


class WrongPassword(Refusal):
    """Name and password do not belong together; which of the two is wrong is not said (A41)."""

    status, code = 401, "not_signed_in"
    sentence = _("Name or password is wrong.")


class NotFound(Refusal):
    """There is no such row, or it is not to be known."""

    status, code = 404, "not_found"
    sentence = _("There is no such record.")


class WrongTurn(Refusal):
    """The state machine has no such move from the present state (style rule 19)."""

    status, code = 409, "wrong_turn"
    sentence = _("This step is not possible in the present state.")

    def __init__(self, current: Row, sentence: Any = None):
        super().__init__(sentence, current=current)


class Stale(Refusal):
    """The row has changed since the client read it."""

    status, code = 409, "stale"
    sentence = _("Somebody changed this record meanwhile.")

    def __init__(self, current: Row):
        super().__init__(current=current)


class UnitBusy(Refusal):
    """The unit holds a live order already (one_live_assignment_per_unit)."""

    status, code = 409, "unit_busy"
    sentence = _("This unit already has an order.")

    def __init__(self, current: Row, sentence: Any = None):
        super().__init__(sentence, current=current)


class TooManyExports(Refusal):
    """More files within an hour than anybody needs (A14)."""

    status, code = 429, "too_many"
    sentence = _("You took out too many files within an hour; the watch commander was told.")


class TooLong(Refusal):
    """A file that is longer than one may take out at once (A14)."""

    status, code = 403, "forbidden"
    sentence = _("This is more than may be taken out at once; the watch commander was told. Ask for a shorter period.")


class NumberUsed(Refusal):
    """A number from a block belongs to a call already: the same card twice, or somebody else's."""

    status, code = 409, "number_used"
    sentence = _("This number belongs to another call already.")

    def __init__(self, current: Row, sentence: Any = None):
        super().__init__(sentence, current=current)


class InFlight(Refusal):
    """The same key is being worked on at this moment."""

    status, code = 409, "in_flight"
    sentence = _("This request is being carried out already.")


class KeyReused(Refusal):
    """The key was used for another body."""

    status, code = 422, "key_reused"
    sentence = _("This key was used for another request.")


class TooLarge(Refusal):
    """The upload or batch is over its limit."""

    status, code = 413, "too_large"
    sentence = _("This is too large.")


class Replayed(Exception):
    """Not a refusal: the command happened before; carries its stored answer."""

    def __init__(self, status: int, answer: dict[str, Any]):
        super().__init__("replayed")
        self.status = status
        self.answer = answer
