"""One upload becomes one poem set, whole or not at all."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.db import transaction, utc_now
from app.errors import NameTaken, NotFound, Unusable
from app.models import Job, Poem, PoemSet, Prompt, Upload
from app.poems.importing import (
    confirm_upload,
    discard_upload,
    find_upload,
    import_poems,
    prepare_upload,
)
from app.poems.reading import Reading, read
from tests.factories import make_admin, make_poem_set

FILE = (
    b"poem_id,prompt_id,prompt,source,title,text,style_instruction,year\r\n"
    b'a1,rain,Write about rain.,Demo A,Rain,"  Rain,\r\n\r\n\tagain  ",no rhyme,1999\r\n'
    b"a2,rain,,Demo B,,Snow,,\r\n"
    b"a3,,,Demo B,,rain,,2001\r\n"
)


def store(session: Session, content: bytes = FILE, *, name: str = "Rain") -> PoemSet:
    reading = read(content, "rain.csv")
    return import_poems(session, reading, name=name, file_name="rain.csv", content_sha256="0" * 64)


def new_admin(session: Session) -> int:
    admin = make_admin(session)
    assert admin.id is not None
    return admin.id


def stored_poems(session: Session, poem_set: PoemSet) -> list[Poem]:
    found = select(Poem).where(Poem.poem_set_id == poem_set.id).order_by(col(Poem.id))
    return list(session.exec(found))


def test_poems_are_stored_as_the_file_has_them(session: Session):
    poem_set = store(session)
    first, second, third = stored_poems(session, poem_set)
    prompt = session.exec(select(Prompt)).one()
    assert (prompt.prompt_id, prompt.text) == ("rain", "Write about rain.")
    assert (first.poem_id, first.source, first.title) == ("a1", "Demo A", "Rain")
    assert first.text == "  Rain,\n\n\tagain  "
    assert (first.style_instruction, first.meta) == ("no rhyme", {"year": "1999"})
    assert (second.title, second.style_instruction, second.meta) == (None, None, {"year": ""})
    assert [poem.prompt_id for poem in (first, second, third)] == [prompt.id, prompt.id, None]
    assert (poem_set.n_poems, poem_set.file_name) == (3, "rain.csv")


def test_types_of_metadata_survive_the_database(session: Session):
    meta = {"n": 3, "share": 0.5, "ok": True, "none": None, "tags": ["a", {"b": "雨"}]}
    line = json.dumps({"text": "A", "source": "x", **meta}).encode()
    reading = read(line, "poems.jsonl")
    poem_set = import_poems(session, reading, name="A", file_name="a", content_sha256="0")
    session.expire_all()
    assert stored_poems(session, poem_set)[0].meta == meta


def test_texts_equal_but_for_case_and_blanks_have_one_hash(session: Session):
    content = b'text,source\n"The rain,\nagain",x\n"THE  rain, again",y\nSnow,x\n'
    one, same, other = (poem.text_hash for poem in stored_poems(session, store(session, content)))
    assert one == same != other


def test_measuring_is_asked_for_with_the_poems(session: Session):
    poem_set = store(session)
    job = session.exec(select(Job)).one()
    assert (job.kind, job.payload) == ("measure", {"poem_set": poem_set.id})


def test_file_with_an_error_stores_nothing(session: Session):
    with pytest.raises(Unusable, match=r"1 error\b.*line 3: The source is empty"):
        store(session, b"text,source\nA,x\nB,\n")
    assert session.exec(select(PoemSet)).all() == []
    assert session.exec(select(Job)).all() == []


def test_reading_without_poems_stores_nothing(session: Session):
    empty = Reading(rows=(), errors=(), notes=(), meta_columns=())
    with pytest.raises(Unusable, match="no poems"):
        import_poems(session, empty, name="A", file_name="a", content_sha256="0")


def test_failure_half_way_stores_nothing(engine: Engine, monkeypatch):
    def fail(*_args: object, **_keywords: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("app.poems.importing.jobs.enqueue", fail)
    with pytest.raises(RuntimeError), transaction(engine, write=True) as session:
        store(session)
    with transaction(engine, write=False) as session:
        for table in (PoemSet, Prompt, Poem):
            assert session.exec(select(table)).all() == []


def test_name_of_a_set_is_taken_once(session: Session):
    store(session, name="Rain")
    with pytest.raises(NameTaken, match="“Rain”"):
        store(session, name="  Rain ")


def test_two_imports_of_one_name_at_once_give_one_set(engine: Engine, monkeypatch):
    with transaction(engine, write=True) as session:
        make_poem_set(session, name="Rain")
    monkeypatch.setattr("app.poems.importing._free_name", lambda _session, name: name)
    with pytest.raises(NameTaken), transaction(engine, write=True) as session:
        store(session, name="Rain")


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_set_needs_a_name(session: Session, name):
    with pytest.raises(Unusable, match="name of 1 to 200"):
        store(session, name=name)


def test_upload_is_stored_only_when_confirmed(session: Session):
    admin = new_admin(session)
    upload = prepare_upload(
        session, admin_id=admin, set_name="Rain", file_name="rain.csv", content=FILE
    )
    assert session.exec(select(Poem)).all() == []
    poem_set = confirm_upload(session, upload.key, admin, read(upload.content, upload.file_name))
    assert (poem_set.name, poem_set.n_poems, poem_set.created_by) == ("Rain", 3, admin)
    assert poem_set.file_sha256 == sha256(FILE).hexdigest()
    assert len(stored_poems(session, poem_set)) == 3
    with pytest.raises(NotFound):
        confirm_upload(session, upload.key, admin, read(upload.content, upload.file_name))
    assert len(session.exec(select(PoemSet)).all()) == 1


def test_discarded_upload_is_gone(session: Session):
    admin = new_admin(session)
    upload = prepare_upload(session, admin_id=admin, set_name="A", file_name="a", content=FILE)
    discard_upload(session, upload.key, admin)
    assert session.exec(select(Upload)).all() == []


def test_upload_of_another_admin_cannot_be_found(session: Session):
    owner, other = new_admin(session), new_admin(session)
    upload = prepare_upload(session, admin_id=owner, set_name="A", file_name="a", content=FILE)
    for act in (find_upload, discard_upload):
        with pytest.raises(NotFound):
            act(session, upload.key, other)
    with pytest.raises(NotFound):
        confirm_upload(session, upload.key, other, read(FILE, "a.csv"))
    assert find_upload(session, upload.key, owner).content == FILE


def test_upload_for_a_name_already_taken_is_refused_at_once(session: Session):
    admin = new_admin(session)
    make_poem_set(session, name="Rain")
    with pytest.raises(NameTaken):
        prepare_upload(session, admin_id=admin, set_name="Rain", file_name="a", content=FILE)


def test_uploads_that_nobody_confirmed_go_after_a_day(session: Session):
    admin = new_admin(session)
    for name, hours in (("Old", 25), ("Young", 23)):
        upload = prepare_upload(session, admin_id=admin, set_name=name, file_name="a", content=FILE)
        upload.created_at = utc_now() - timedelta(hours=hours)
    session.flush()
    prepare_upload(session, admin_id=admin, set_name="New", file_name="a", content=FILE)
    assert set(session.exec(select(Upload.set_name))) == {"Young", "New"}


def test_more_poems_than_one_statement_takes_are_all_stored(session: Session):
    lines = "".join(f"Poem {i},Demo {i % 3},q{i}\n" for i in range(2501))
    poem_set = store(session, f"text,source,prompt_id\n{lines}".encode())
    assert [poem.text for poem in stored_poems(session, poem_set)] == [
        f"Poem {i}" for i in range(2501)
    ]
    assert len(session.exec(select(Prompt)).all()) == 2501
