"""What we keep: one noun a file. Import from here; rules that the database holds stand in each model's Meta."""

from articles.models import place_codes
from articles.models.alert import Alert
from articles.models.article import MAX_BODY, Article, ArticleQuerySet, Credit, article_with_parts
from articles.models.channel import Channel
from articles.models.comment import Comment
from articles.models.conversion import Conversion, ConversionText
from articles.models.correction import Correction, CorrectionText
from articles.models.decision import Decision
from articles.models.desk import Desk, Membership
from articles.models.door import AuthenticatorApp, Passkey, PasswordRequest, RecoveryCode, Try
from articles.models.duty import Duty
from articles.models.edition import Edition, EditionPicture, EditionText
from articles.models.erasure import ErasedPart, Erasure
from articles.models.event import Event
from articles.models.front import Front, FrontSchedule, FrontVersion, Slot
from articles.models.languages import Language, site_language
from articles.models.ledger import Head, Ledger, LedgerEntry, LedgerKey, Unsealed
from articles.models.names import NAME_FIELDS, Named, in_language, in_languages
from articles.models.old_address import Addressed, OldAddress
from articles.models.outbox import Outbox
from articles.models.person import Person
from articles.models.picture import RENDITION_KINDS, Picture, private_store, public_store, rendition_name
from articles.models.place import Place, nearest_above
from articles.models.presence import Presence
from articles.models.preview_link import PreviewLink
from articles.models.public_entry import PublicEntry, PublicTokens, Suggestion
from articles.models.publication import Listing, Publication
from articles.models.purge import Purge
from articles.models.report import ErrorReport
from articles.models.saved_filter import SavedFilter
from articles.models.schedule import Schedule
from articles.models.search_entry import SearchEntry
from articles.models.site import Page, PageVersion, Site
from articles.models.source import Source
from articles.models.style import GlossaryEntry, StyleRule
from articles.models.tag import Tag, TaggedArticle
from articles.models.topic import Topic, TopicFact, TopicMoment, TopicSection, TopicStory
from articles.models.user import User
from articles.models.version import DraftVersion

__all__ = [
    "MAX_BODY",
    "NAME_FIELDS",
    "RENDITION_KINDS",
    "Addressed",
    "Alert",
    "Article",
    "ArticleQuerySet",
    "AuthenticatorApp",
    "Channel",
    "Comment",
    "Conversion",
    "ConversionText",
    "Correction",
    "CorrectionText",
    "Credit",
    "Decision",
    "Desk",
    "DraftVersion",
    "Duty",
    "Edition",
    "EditionPicture",
    "EditionText",
    "ErasedPart",
    "Erasure",
    "ErrorReport",
    "Event",
    "Front",
    "FrontSchedule",
    "FrontVersion",
    "GlossaryEntry",
    "Head",
    "Language",
    "Ledger",
    "LedgerEntry",
    "LedgerKey",
    "Listing",
    "Membership",
    "Named",
    "OldAddress",
    "Outbox",
    "Page",
    "PageVersion",
    "Passkey",
    "PasswordRequest",
    "Person",
    "Picture",
    "Place",
    "Presence",
    "PreviewLink",
    "PublicEntry",
    "PublicTokens",
    "Publication",
    "Purge",
    "RecoveryCode",
    "SavedFilter",
    "Schedule",
    "SearchEntry",
    "Site",
    "Slot",
    "Source",
    "StyleRule",
    "Suggestion",
    "Tag",
    "TaggedArticle",
    "Topic",
    "TopicFact",
    "TopicMoment",
    "TopicSection",
    "TopicStory",
    "Try",
    "Unsealed",
    "User",
    "article_with_parts",
    "in_language",
    "in_languages",
    "nearest_above",
    "place_codes",
    "private_store",
    "public_store",
    "rendition_name",
    "site_language",
]
