"""All tables, so that the schema is read in one sitting. Tables do not validate: input is a form
first, and what must hold is a constraint here."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Enum,
    Index,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
    false,
)
from sqlmodel import Field, SQLModel

from app.db import UtcDateTime, new_key, utc_now

SQLModel.metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class RaterKind(StrEnum):
    EXPERT = "expert"
    NONEXPERT = "nonexpert"
    JUDGE = "judge"


class Choice(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    TIE = "tie"


class StudyState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Purpose(StrEnum):
    """What a slot is for. Only the first two hold poems; only their votes are data on poems."""

    MEASURE = "measure"
    REPEAT = "repeat"  # a pair of this rater's again, sides exchanged
    CHECK = "check"  # says itself which side to choose


class Pairing(StrEnum):
    WITHIN_PROMPT = "within_prompt"
    ACROSS_SET = "across_set"


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


def choice_of(kind: type[StrEnum], name: str | None = None) -> Enum:
    """A column that holds one of the enumeration's values, checked by the database by a constraint
    of this name, or of the enumeration's: a second column of one table needs a name of its own."""
    name = name or "".join(f"_{c.lower()}" if c.isupper() else c for c in kind.__name__).lstrip("_")
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )


# --- who may do what


class Secret(SQLModel, table=True):
    """Random values that the installation makes for itself once, such as the signing key."""

    name: str = Field(primary_key=True)
    value: str


class Admin(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True)
    password_hash: str | None = None
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AdminSession(SQLModel, table=True):
    __tablename__ = "admin_session"

    id: int | None = Field(default=None, primary_key=True)
    admin_id: int = Field(foreign_key="admin.id", ondelete="CASCADE", index=True)
    token_hash: str = Field(unique=True)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class SignInLink(SQLModel, table=True):
    """Signs an admin in once, without a password."""

    __tablename__ = "sign_in_link"

    id: int | None = Field(default=None, primary_key=True)
    admin_id: int = Field(foreign_key="admin.id", ondelete="CASCADE", index=True)
    token_hash: str = Field(unique=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SignInFailure(SQLModel, table=True):
    __tablename__ = "sign_in_failure"

    id: int | None = Field(default=None, primary_key=True)
    email: str
    at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)

    __table_args__ = (Index(None, "email", "at"),)


# --- poems


class Upload(SQLModel, table=True):
    """A file between its preview and its confirmation. Nothing of it is a poem yet."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(default_factory=new_key, unique=True)
    admin_id: int = Field(foreign_key="admin.id", ondelete="CASCADE", index=True)
    set_name: str
    file_name: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class PoemSet(SQLModel, table=True):
    __tablename__ = "poem_set"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(default_factory=new_key, unique=True)
    name: str = Field(unique=True)
    file_name: str
    file_sha256: str
    n_poems: int
    decisions: dict[str, Any] = Field(  # Any: JSON of app.poems.naming.Decided
        default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}")
    )
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    created_by: int | None = Field(default=None, foreign_key="admin.id")


class Prompt(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    poem_set_id: int = Field(foreign_key="poem_set.id", ondelete="CASCADE")
    prompt_id: str  # as the file names it
    text: str | None = Field(default=None, sa_type=Text)

    __table_args__ = (UniqueConstraint("poem_set_id", "prompt_id"),)


class Poem(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    poem_set_id: int = Field(foreign_key="poem_set.id", ondelete="CASCADE")
    poem_id: str  # as the file names it, or made from the row's number
    prompt_id: int | None = Field(default=None, foreign_key="prompt.id", index=True)
    source: str
    title: str | None = None
    text: str = Field(sa_type=Text)
    text_hash: str  # of the normalised text: equal poems are found by it
    style_instruction: str | None = Field(default=None, sa_type=Text)
    meta: dict[str, Any] = Field(  # Any: an uploader's own columns
        default_factory=dict, sa_column=Column(JSON, nullable=False)
    )

    __table_args__ = (UniqueConstraint("poem_set_id", "poem_id"), Index(None, "text_hash"))


class PoemFeature(SQLModel, table=True):
    """One measured number or label of one poem. A row with neither says: not measurable."""

    __tablename__ = "poem_feature"

    poem_id: int = Field(foreign_key="poem.id", primary_key=True, ondelete="CASCADE")
    name: str = Field(primary_key=True)
    version: int
    value: float | None = None
    label: str | None = Field(default=None, sa_type=Text)


class SchemeCorrection(SQLModel, table=True):
    """A poem's rhyme scheme as an admin marked it: the newest counts, and one without a scheme
    withdraws those before. Never changed, never deleted."""

    __tablename__ = "scheme_correction"

    id: int | None = Field(default=None, primary_key=True)
    poem_id: int = Field(foreign_key="poem.id", ondelete="CASCADE", index=True)
    scheme: str | None = Field(default=None, sa_type=Text)  # as the feature of this name
    note: str = Field(default="", sa_type=Text)
    made_by: int = Field(foreign_key="admin.id")
    made_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class SourceComparison(SQLModel, table=True):
    """What the sources of a set have in common and what not, as it was when it was computed, with
    what tells whether that still holds."""

    __tablename__ = "source_comparison"

    poem_set_id: int = Field(foreign_key="poem_set.id", primary_key=True, ondelete="CASCADE")
    made_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    feature_version: str
    n_corrections: int  # of rhyme schemes, withdrawals among them
    features: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))  # Any: JSON
    rhymes: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))  # Any: JSON


# --- studies


class Study(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(default_factory=new_key, unique=True)
    name: str = Field(unique=True)
    poem_set_id: int = Field(foreign_key="poem_set.id", index=True)
    state: StudyState = Field(default=StudyState.DRAFT, sa_type=choice_of(StudyState))
    title: str = "Reading poems"  # what raters see; the name is for admins alone
    question: str
    about: str = Field(default="", sa_type=Text)
    pairing: Pairing = Field(sa_type=choice_of(Pairing))
    pairs_per_rater: int
    seed: int  # decides pairs, orders and sides
    design: dict[str, Any] = Field(  # Any: JSON of app.studies.plan.Design, frozen at the opening
        default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}")
    )
    recruitment: dict[str, Any] = Field(  # Any: JSON of app.studies.plan.Recruitment
        default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}")
    )
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    created_by: int | None = Field(default=None, foreign_key="admin.id")
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    __table_args__ = (CheckConstraint("pairs_per_rater > 0", name="pairs_per_rater"),)


class GroupLink(SQLModel, table=True):
    """The link that invites one group; its key is public and is shown again whenever asked."""

    __tablename__ = "group_link"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(default_factory=new_key, unique=True)
    study_id: int = Field(foreign_key="study.id", ondelete="CASCADE")
    kind: RaterKind = Field(sa_type=choice_of(RaterKind))
    quota: int | None = None  # how many may join by it; none: any number

    __table_args__ = (UniqueConstraint("study_id", "kind"),)


class PersonalLink(SQLModel, table=True):
    """An invitation for one person: it makes one rater and then leads to them."""

    __tablename__ = "personal_link"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(default_factory=new_key, unique=True)
    study_id: int = Field(foreign_key="study.id", ondelete="CASCADE", index=True)
    kind: RaterKind = Field(sa_type=choice_of(RaterKind))
    label: str = ""  # whom the admin means it for
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Pair(SQLModel, table=True):
    """Two poems to be compared. The counters say how often each group was given it."""

    id: int | None = Field(default=None, primary_key=True)
    study_id: int = Field(foreign_key="study.id", ondelete="CASCADE")
    first_poem_id: int = Field(foreign_key="poem.id")
    second_poem_id: int = Field(foreign_key="poem.id")
    drawn_expert: int = 0
    drawn_nonexpert: int = 0

    __table_args__ = (
        UniqueConstraint("study_id", "first_poem_id", "second_poem_id"),
        CheckConstraint("first_poem_id < second_poem_id", name="order"),
    )


# --- rating


class ConsentText(SQLModel, table=True):
    """What was consented to, word for word; its version is the hash of the text."""

    __tablename__ = "consent_text"

    version: str = Field(primary_key=True)
    text: str = Field(sa_type=Text)
    first_shown_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Rater(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(default_factory=new_key, unique=True)
    study_id: int = Field(foreign_key="study.id", ondelete="CASCADE", index=True)
    kind: RaterKind = Field(sa_type=choice_of(RaterKind))  # as they were invited
    self_described: RaterKind | None = Field(
        default=None, sa_type=choice_of(RaterKind, "self_described")
    )
    expertise_score: float | None = None  # 0 to 1, by the instrument and the study's rule
    scored_as: RaterKind | None = Field(default=None, sa_type=choice_of(RaterKind, "scored_as"))
    token_hash: str | None = Field(default=None, unique=True)  # none for the simulated
    simulated: bool = False
    consent_version: str | None = None
    consented_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    joined_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    practised_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_break: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # after how many
    screened_out_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Participant(SQLModel, table=True):
    """Who a rater is to a recruiting panel or a list: kept apart from the research data, deleted
    by itself when the study's time for keeping it is over."""

    rater_id: int = Field(foreign_key="rater.id", primary_key=True, ondelete="CASCADE")
    study_id: int = Field(foreign_key="study.id", ondelete="CASCADE")
    panel: str  # prolific, mturk, sona, list, link
    external_id: str
    external_study: str | None = None
    external_session: str | None = None  # of the latest visit, as is the study
    earlier_visits: str | None = Field(default=None, sa_type=Text)  # "study/session", oldest first
    came_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)

    __table_args__ = (UniqueConstraint("study_id", "panel", "external_id"),)


class RaterAnswer(SQLModel, table=True):
    """What a rater says of themself, item by item, beside the group of their link."""

    __tablename__ = "rater_answer"

    rater_id: int = Field(foreign_key="rater.id", primary_key=True, ondelete="CASCADE")
    item: str = Field(primary_key=True)
    value: str
    instrument_version: str


class Slot(SQLModel, table=True):
    """One pair given to one rater at one place in the order, sides fixed."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(default_factory=new_key, unique=True)
    rater_id: int = Field(foreign_key="rater.id", ondelete="CASCADE")
    purpose: Purpose = Field(
        default=Purpose.MEASURE,
        sa_column=Column(choice_of(Purpose), nullable=False, server_default="measure"),
    )
    pair_id: int | None = Field(default=None, foreign_key="pair.id", index=True)
    position: int  # from 1
    left_poem_id: int | None = Field(default=None, foreign_key="poem.id")
    right_poem_id: int | None = Field(default=None, foreign_key="poem.id")
    check_side: Choice | None = Field(  # the one to be chosen
        default=None, sa_type=choice_of(Choice, "check_side")
    )
    shown_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    __table_args__ = (
        UniqueConstraint("rater_id", "position"),
        UniqueConstraint("rater_id", "pair_id", "purpose"),
        CheckConstraint("left_poem_id <> right_poem_id", name="two_poems"),
        CheckConstraint(
            "(purpose = 'check') = (pair_id IS NULL)"
            " AND (purpose = 'check') = (left_poem_id IS NULL)"
            " AND (purpose = 'check') = (right_poem_id IS NULL)"
            " AND (purpose = 'check') = (check_side IS NOT NULL)",
            name="check_has_no_poems",
        ),
    )


class Vote(SQLModel, table=True):
    """The answer to one slot: never changed, and deleted only with a rater who has all erased."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(default_factory=new_key, unique=True)
    slot_id: int = Field(foreign_key="slot.id", ondelete="CASCADE")
    attempt: int  # from 1; each retraction allows the next
    choice: Choice = Field(sa_type=choice_of(Choice))
    shown_at: datetime = Field(sa_type=UtcDateTime)
    cast_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    decision_ms: int | None = None  # from display to choice by the rater's own clock
    reading_ms: int | None = None  # from display until the ends of both poems had been on screen
    hidden_ms: int | None = None  # paused or out of sight meanwhile; in none of the other times
    left_ms: int | None = None  # on each poem, where one is seen at a time
    right_ms: int | None = None
    layout: str | None = None  # book or pager
    viewport_width: int | None = None  # CSS pixels
    viewport_height: int | None = None
    input_kind: str | None = None  # mouse, touch, pen, keyboard
    app_version: str

    __table_args__ = (
        UniqueConstraint("slot_id", "attempt"),
        CheckConstraint("attempt > 0", name="attempt"),
        CheckConstraint("decision_ms >= 0", name="decision_ms"),
    )


class VoteRetraction(SQLModel, table=True):
    __tablename__ = "vote_retraction"

    vote_id: int = Field(foreign_key="vote.id", primary_key=True, ondelete="CASCADE")
    at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class VoteFollowUp(SQLModel, table=True):
    """What a rater says of a choice just made, where the study asks."""

    __tablename__ = "vote_follow_up"

    vote_id: int = Field(foreign_key="vote.id", primary_key=True, ondelete="CASCADE")
    confidence: int | None = None  # 1, guessed, to 5, certain
    ease: int | None = None  # 1, very hard to judge, to 5, very easy
    at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)

    __table_args__ = (
        CheckConstraint("confidence BETWEEN 1 AND 5", name="confidence"),
        CheckConstraint("ease BETWEEN 1 AND 5", name="ease"),
    )


class Exclusion(SQLModel, table=True):
    """The decision to leave a rater's votes out of what is reckoned, or to count them again: the
    newest of a rater holds. Never changed; the votes stay."""

    id: int | None = Field(default=None, primary_key=True)
    rater_id: int = Field(foreign_key="rater.id", ondelete="CASCADE", index=True)
    excluded: bool
    rule: str  # the flag's name, or "judgement"
    rule_version: int | None = None  # of the flag as it was found
    reason: str = Field(default="", sa_type=Text)
    made_by: int | None = Field(
        default=None, foreign_key="admin.id"
    )  # none: the rater, withdrawing
    made_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Erasure(SQLModel, table=True):
    """That a rater had everything erased: their key tells whoever holds an export which rows to
    delete. Nothing else of them remains."""

    id: int | None = Field(default=None, primary_key=True)
    study_id: int = Field(foreign_key="study.id", ondelete="CASCADE", index=True)
    rater_key: str
    n_votes: int
    erased_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


# --- what is built from votes


class Report(SQLModel, table=True):
    """The stored result of an analysis, with what is needed to repeat it."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(default_factory=new_key, unique=True)
    study_id: int = Field(foreign_key="study.id", ondelete="CASCADE", index=True)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    created_by: int | None = Field(default=None, foreign_key="admin.id")
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str | None = Field(default=None, sa_type=Text)
    result: dict[str, Any] | None = Field(  # Any: JSON
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    charts: dict[str, str] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    app_version: str
    feature_version: str
    options: dict[str, Any] = Field(  # Any: JSON of app.reports.filters.Filters
        default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}")
    )
    live: bool = Field(  # follows a running study, and goes when a newer one does
        default=False, sa_column=Column(Boolean, nullable=False, server_default=false())
    )
    seen: str | None = None  # how many votes there were, and what else tells whether any came since


class Job(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))  # Any: JSON
    state: JobState = Field(default=JobState.QUEUED, sa_type=choice_of(JobState))
    attempts: int = 0
    done: int = 0
    total: int | None = None
    error: str | None = Field(default=None, sa_type=Text)
    enqueued_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    __table_args__ = (Index(None, "state", "enqueued_at"),)
