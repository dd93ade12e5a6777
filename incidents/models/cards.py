"""The cards that a centre works with, version by version, and what was answered to their questions."""

from __future__ import annotations

from django.db import models

from incidents.row import Json, Row, stamp


class CardSet(models.Model):
    """One loaded version of the cards of a centre; the highest one holds. Never changed, never removed."""

    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="card_sets")
    number = models.PositiveIntegerField()
    loaded_at = models.DateTimeField()
    content = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "number"], name="a_version_of_the_cards_is_loaded_once")
        ]


class CardAnswer(Row):
    """The answer to one question of the card (微预案), or the tick that something was read out to the caller."""

    NOUN = "card_answer"

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="card_answers")
    question = models.CharField(max_length=32)  # its key
    kind = models.CharField(max_length=8)
    zh = models.CharField(max_length=400)  # as it was asked
    en = models.CharField(max_length=400)
    fills = models.CharField(max_length=24, blank=True)
    answer = models.CharField(max_length=400)
    cards = models.PositiveIntegerField()  # version of the cards
    answered_at = models.DateTimeField()
    answered_by_no = models.CharField(max_length=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "question"], name="one_answer_per_question_and_incident"),
            models.CheckConstraint(condition=~models.Q(answer=""), name="an_answer_says_something"),
        ]

    def readers(self) -> list[str]:
        """Those who may see the incident."""
        return self.incident.readers()

    def row(self) -> Json:
        """Return the answer with its question."""
        return {
            "id": self.pk,
            "version": self.version,
            "centre": self.centre_id,
            "incident": self.incident_id,
            "question": self.question,
            "kind": self.kind,
            "zh": self.zh,
            "en": self.en,
            "fills": self.fills,
            "answer": self.answer,
            "at": stamp(self.answered_at),
            "by": self.answered_by_no,
        }
