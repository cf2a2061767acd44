"""English of every age passes; other languages are told apart."""

import json

import pytest

from app.verse.language import Language, language
from tests.shared_data import shared_data

OTHERS = {
    "French": "La pluie est sur la ville et le toit\nne sait pas qui frappe, ni pourquoi.",
    "German": "Der Regen steht vor meinem Haus,\ner geht nicht heim, er geht nicht aus.",
    "Dutch": "De regen valt op het oude dak\nen ik zit met een boek op mijn gemak.",
    "Spanish": "La lluvia llama a la puerta del bar\ny no hay nadie que la deje entrar.",
    "Portuguese": "A chuva bate à porta do bar\ne não há ninguém que a deixe entrar.",
    "Italian": "La pioggia bussa alla porta del mare\ne non c'è nessuno che la sappia fermare.",
    "Latin": "Imber in urbe manet et nox est longa,\nnec venit ad portam qui mihi carus erat.",
    "Welsh": "Mae'r glaw yn cysgu ar y to,\nac mae'r hen gath yn cysgu am dro.",
    "Irish": "Tá an bháisteach ag titim ar an teach\nagus níl aon duine ag dul isteach.",
    "Swedish": "Regnet faller på det gamla taket\noch jag är ensam kvar med teet och kaket.",
    "Finnish": "Sade lankeaa vanhalle katolle hiljaa,\nkukaan ei enää leikkaa tuolla viljaa.",
    "Polish": "Deszcz pada cicho na stary dach,\nktoś idzie ulicą i czuje strach.",
    "Russian": "Дождь идёт по старой крыше,\nночь всё тише, тише, тише.",
    "Chinese": "雨落在旧屋顶上\n没有人来敲门",
    "Japanese": "雨の音\n屋根の猫から\n逃げてゆく",
    "Croatian": "Kiša pada na stari grad,\nu kući gori jedna svijeća,\nu meni spava sreća.",
    "Indonesian": "Di tepi pantai aku duduk,\ndi bawah langit, di hati ini ada duka.",
    "Afrikaans": "Die reën val sag op die ou dak\nen ek sit hier met my gemak.",
    "Arabic": "مطر على السطح القديم",
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_languages_are_told_apart(name):
    assert language(OTHERS[name]) is Language.OTHER


@pytest.mark.parametrize(
    "text",
    [
        "The rain is at the door again,\nand nobody has let it in.",
        "Vpon the hill hee gaue mee leaue\nto loue, and neuer once to grieue.",
        "Wi' nae a crust an' nae a fire,\nthe auld wife sits ayont the byre.",
        "Thou hast no need of rain, it saith,\nthat keepest dry thy very breath.",
        "Snow. Streetlights humming. Windows glowing.\nWinter evening, breathing, growing.",
        "'Twas grobbly, and the snindle flew\nabove the wimmering of the moo.",
        "omg u r so gr8 2 me\ni luv u 4 ever & ever\nlol brb gtg ttyl\nwe r 2gether 4ever",
        "Mi nah go siddung pon di wall\nwhen rain a fall pon di yaad.\nMi modda sey fi walk tall.",
        "La, la, la, said the rain to the roof of the bar, la, la, and was gone.",
    ],
)
def test_english_of_any_age_and_make_is_english(text):
    assert language(text) is Language.ENGLISH


def test_few_words_in_latin_letters_count_as_english():
    assert language("Schnee fällt leise") is Language.ENGLISH


@pytest.mark.parametrize("text", ["", "\n \n", "* * *", "12 34", "🌧"])
def test_language_of_a_text_without_letters_is_unknown(text):
    assert language(text) is Language.UNKNOWN


def test_a_few_foreign_words_do_not_make_a_poem_foreign():
    text = "She said to me: la vie est belle,\nand closed the book, and rang the bell."
    assert language(text) is Language.ENGLISH


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("rhyme/gold_dev.jsonl", Language.ENGLISH),  # 510 stanzas of the 16th century among them
        ("poems/model_poems.jsonl", Language.ENGLISH),
        ("poems/chinese_poems.jsonl", Language.OTHER),
    ],
)
def test_poems_of_a_known_language_are_all_told_right(file, expected):
    records = map(json.loads, (shared_data() / file).read_text(encoding="utf-8").splitlines())
    texts = [record.get("text") or "\n".join(record["lines"]) for record in records]
    assert [text for text in texts if language(text) is not expected] == []
