"""Transactions, times, migrations and the queue, on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import Session, SQLModel, select

from app import jobs
from app.db import make_engine, migrate, needs_migration, transaction, utc_now
from app.errors import Unusable
from app.models import Admin, Job, JobState, Vote
from tests.factories import make_poem, make_poem_set, make_rater, make_slot, make_study, make_vote


def test_error_in_a_transaction_leaves_nothing(engine: Engine):
    with pytest.raises(RuntimeError), transaction(engine, write=True) as session:
        session.add(Admin(email="a@example.org"))
        session.flush()
        raise RuntimeError
    with transaction(engine, write=False) as session:
        assert session.exec(select(Admin)).all() == []


def test_time_comes_back_in_utc_and_naive_time_is_refused(engine: Engine):
    at = datetime(2026, 5, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    with transaction(engine, write=True) as session:
        session.add(Admin(email="a@example.org", created_at=at))
    with transaction(engine, write=False) as session:
        stored = session.exec(select(Admin)).one().created_at
        assert stored == datetime(2026, 5, 1, 10, 0, tzinfo=UTC)
        assert stored.tzinfo is UTC
    with pytest.raises(StatementError), transaction(engine, write=True) as session:
        session.add(Admin(email="b@example.org", created_at=datetime(2026, 5, 1)))  # noqa: DTZ001
        session.flush()


def test_migrations_make_exactly_the_tables(engine: Engine):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    assert not needs_migration(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_failed_migration_leaves_no_table(tmp_path, monkeypatch):
    folder = tmp_path / "migrations"
    import shutil

    from app.settings import data_folder

    shutil.copytree(data_folder("migrations"), folder)
    (folder / "versions" / "9999_breaks.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        "revision = '9999'\ndown_revision = '0001'\nbranch_labels = depends_on = None\n"
        "def upgrade():\n"
        "    op.create_table('half_made', sa.Column('id', sa.Integer()))\n"
        "    op.execute('SELECT no_such_function()')\n"
    )
    heads = sorted(p.name[:4] for p in (folder / "versions").glob("0*.py"))
    text = (folder / "versions" / "9999_breaks.py").read_text()
    (folder / "versions" / "9999_breaks.py").write_text(text.replace("'0001'", repr(heads[-1])))
    monkeypatch.setattr("app.db.data_folder", lambda _name: folder)
    address = f"sqlite:///{tmp_path / 'new.db'}"
    with pytest.raises(Exception, match="no_such_function"):
        migrate(address)
    assert inspect(make_engine(address)).get_table_names() == []


def test_unusable_addresses_are_named():
    for address in ("mysql://x/y", "sqlite://", "no address"):
        with pytest.raises(Unusable):
            make_engine(address)


def test_second_vote_of_the_same_attempt_is_refused_by_the_database(session: Session):
    poem_set = make_poem_set(session)
    left, right = (make_poem(session, poem_set=poem_set) for _ in range(2))
    rater = make_rater(session, study=make_study(session, poem_set=poem_set))
    slot = make_slot(session, rater=rater, left=left, right=right)
    make_vote(session, slot=slot)
    with pytest.raises(IntegrityError), session.begin_nested():
        make_vote(session, slot=slot)
    assert len(session.exec(select(Vote)).all()) == 1


def test_job_is_claimed_once_and_again_when_its_lease_ran_out(engine: Engine):
    with transaction(engine, write=True) as session:
        jobs.enqueue(session, "measure", poem_set=1)
    with transaction(engine, write=True) as session:
        job = jobs.claim(session)
        assert job is not None
        assert job.payload == {"poem_set": 1}
    with transaction(engine, write=True) as session:
        assert jobs.claim(session) is None
        row = session.get_one(Job, job.id)
        row.leased_until = utc_now() - timedelta(seconds=1)
    with transaction(engine, write=True) as session:
        again = jobs.claim(session)
        assert again is not None
        assert again.attempts == 2
        jobs.finish(session, again.id or 0)
    with transaction(engine, write=True) as session:
        assert session.get_one(Job, job.id).state == JobState.DONE
        assert jobs.unfinished(session, "measure", poem_set=1) is None
