"""What is stored about calls, incidents, places, people and the journal."""

from incidents.models.approvals import Request
from incidents.models.archive import LegalHold, Retention
from incidents.models.areas import Area
from incidents.models.attention import Alert, Deadline
from incidents.models.calls import Call
from incidents.models.cameras import Bookmark, Camera, Viewing
from incidents.models.cards import CardAnswer, CardSet
from incidents.models.casework import Clue, Confidence, FusionRequest, LockedPosition, SearchArea, SearchedCamera
from incidents.models.channels import Device, Gateway, Message, NumberFlag
from incidents.models.codes import Code
from incidents.models.duty import DutyLevel
from incidents.models.followup import Callback, SupervisionOrder, Transfer
from incidents.models.grid import MEDIATION, GridPicture, GridPost, GridReport, GridTask
from incidents.models.handover import HandOver, HandOverItem, Ownership
from incidents.models.incidents import Answer, Incident, Note, Stage
from incidents.models.late import CatchUp, LateEntry, NumberBlock
from incidents.models.ledger import Command, Denial, Entry, Export, Head, Heartbeat, Job, Ticket
from incidents.models.notices import Notice
from incidents.models.parties import Party
from incidents.models.partners import PartnerAttachment, PartnerTeam
from incidents.models.people import Centre, Organisation, User
from incidents.models.places import HouseRange, Place, PlaceEdition
from incidents.models.premises import PremiseNote
from incidents.models.search import SearchDocument, SearchPosition
from incidents.models.seats import Qualification, Seat, SeatPermit, Sitting
from incidents.models.series import Series, SeriesMember
from incidents.models.suspects import Cleared, Suspect
from incidents.models.watch import WatchEntry, WatchHit

__all__ = [
    "MEDIATION",
    "Alert",
    "Answer",
    "Area",
    "Bookmark",
    "Call",
    "Callback",
    "Camera",
    "CardAnswer",
    "CardSet",
    "CatchUp",
    "Centre",
    "Cleared",
    "Clue",
    "Code",
    "Command",
    "Confidence",
    "Deadline",
    "Denial",
    "Device",
    "DutyLevel",
    "Entry",
    "Export",
    "FusionRequest",
    "Gateway",
    "GridPicture",
    "GridPost",
    "GridReport",
    "GridTask",
    "HandOver",
    "HandOverItem",
    "Head",
    "Heartbeat",
    "HouseRange",
    "Incident",
    "Job",
    "LateEntry",
    "LegalHold",
    "LockedPosition",
    "Message",
    "Note",
    "Notice",
    "NumberBlock",
    "NumberFlag",
    "Organisation",
    "Ownership",
    "PartnerAttachment",
    "PartnerTeam",
    "Party",
    "Place",
    "PlaceEdition",
    "PremiseNote",
    "Qualification",
    "Request",
    "Retention",
    "SearchArea",
    "SearchDocument",
    "SearchPosition",
    "SearchedCamera",
    "Seat",
    "SeatPermit",
    "Series",
    "SeriesMember",
    "Sitting",
    "Stage",
    "SupervisionOrder",
    "Suspect",
    "Ticket",
    "Transfer",
    "User",
    "Viewing",
    "WatchEntry",
    "WatchHit",
]
