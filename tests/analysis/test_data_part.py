"""What a report says of the votes it rests on."""

from tests.analysis.studies import SMALL, result, rows, study


def test_prompts_of_both_groups_are_counted_together():
    votes, poems = study(SMALL, seed=2)
    prompt = dict(zip(poems["poem_id"], poems["prompt_id"], strict=True))
    half = set(sorted(set(poems["prompt_id"]))[:5])
    apart = rows(
        votes,
        lambda ix: (prompt[votes["poem_left"][ix]] in half) == (votes["group"][ix] == "expert"),
    )
    parts = {part["name"]: part for part in result(apart, poems)["parts"]}
    assert f"on {len(set(poems['prompt_id']))} prompts." in parts["data"]["sentence"]


def test_votes_on_the_same_two_poems_again_are_said_to_count_where_nothing_marks_them():
    votes, poems = study(SMALL, seed=2)
    again = {name: [*cells, cells[0]] for name, cells in votes.items()}
    again["vote_id"][-1] = "again"
    before, after = (
        next(part for part in result(of, poems)["parts"] if part["name"] == "data")
        for of in (votes, again)
    )
    assert sum(row["votes"] for row in after["rows"]) == len(votes["vote_id"]) + 1
    assert any("1 vote on two poems" in note for note in after["notes"]) != any(
        "on two poems" in note for note in before["notes"]
    )
