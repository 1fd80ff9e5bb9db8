"""How columns and words are mapped: stated, proposed, never guessed."""

from pathlib import Path

import pytest

from crm.columns import Column, find_columns, not_read
from crm.mapping import Reading, read_mapping, read_words
from crm.problems import Problems
from crm.toml_file import Mistakes
from models.deals import ImportKind


def test_pairs_name_ours_first() -> None:
    reading = read_mapping("Id=deal_id, name=account_name,Close Date=close")
    assert reading.columns == {
        Column.ID: "deal_id",
        Column.NAME: "account_name",
        Column.CLOSE_DATE: "close",
    }


def test_quotation_marks_hold_commas() -> None:
    assert read_words('"Silva, Ana"=ana@example.com,B=C', "--owner-map") == {
        "Silva, Ana": "ana@example.com",
        "B": "C",
    }
    assert read_mapping('amount="Amount, converted"').columns == {
        Column.AMOUNT: "Amount, converted"
    }


@pytest.mark.parametrize("said", ["amount=", "=x", "amount=a,,b", 'amount="a'])
def test_what_is_no_pair_is_said(said: str) -> None:
    with pytest.raises(Mistakes, match="is not of the form a=b,c=d"):
        read_mapping(said)


def test_an_unknown_column_of_ours_is_said() -> None:
    with pytest.raises(Mistakes, match="“cost” is none of ours: id, name, owner"):
        read_mapping("cost=x")


def test_a_toml_file_holds_everything(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(
        'date_format = "DD.MM.YYYY"\ndecimal = ","\ncurrency = "eur"\n'
        '[columns]\nid = "Nr"\n[stages]\nAngebot = "Proposal"\n[owners]\n"R1" = "ana@example.com"\n'
    )
    reading = read_mapping(str(path))
    assert reading.columns == {Column.ID: "Nr"}
    assert reading.currency == "EUR"
    assert reading.owners == {"R1": "ana@example.com"}


def test_mistakes_in_a_toml_file_have_their_place(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text('dateformat = "x"\ndate_format = "MM"\n[columns]\ncost = "c"\n')
    with pytest.raises(Mistakes) as wrong:
        read_mapping(str(path))
    text = str(wrong.value)
    assert "dateformat: there is no such key; did you mean “date_format”?" in text
    assert "date_format: --date-format MM: needs day, month and year" in text
    assert "columns.cost: must be 'id', 'name'" in text


def test_owner_maps_come_as_csv_and_toml(tmp_path: Path) -> None:
    table = tmp_path / "owners.csv"
    table.write_text("value,person\nREP-1, ana@example.com\n")
    assert read_words(str(table), "--owner-map")["REP-1"] == "ana@example.com"
    plain = tmp_path / "owners.toml"
    plain.write_text('"REP-1" = "U0ANA"\n')
    assert read_words(str(plain), "--owner-map") == {"REP-1": "U0ANA"}
    both = tmp_path / "words.toml"
    both.write_text('[owners]\nA = "U0ANA"\n[stages]\nB = "Proposal"\n')
    assert read_words(str(both), "--stage-map") == {"B": "Proposal"}


def test_a_broken_owner_map_is_said(tmp_path: Path) -> None:
    with pytest.raises(Mistakes, match="there is no such file"):
        read_words(str(tmp_path / "none.csv"), "--owner-map")
    table = tmp_path / "owners.csv"
    table.write_text("REP-1,ana@example.com,too much\n")
    with pytest.raises(Mistakes, match="line 1: needs two columns"):
        read_words(str(table), "--owner-map")


def test_what_was_said_stands_over_what_was_remembered() -> None:
    earlier = Reading(date_format="DD.MM.YYYY", stages={"A": "Proposal"}, decimal=",")
    said = Reading(decimal=".")
    assert said.over(earlier) == Reading(
        date_format="DD.MM.YYYY", stages={"A": "Proposal"}, decimal="."
    )


def test_columns_that_look_alike_are_proposed_and_not_taken() -> None:
    header = ["OpportunityId", "Account Name", "OwnerId", "StageName", "Amount", "CloseDate"]
    problems = Problems()
    places = find_columns(ImportKind.DEALS, header, {}, problems)
    assert places == {Column.AMOUNT: 4}
    assert len(problems) == 5  # the proposal is none
    text = "\n".join(problems.lines())
    assert "there is no column id; it could be “OpportunityId”" in text
    assert (
        "--mapping 'id=OpportunityId,name=Account Name,owner=OwnerId,"
        "stage=StageName,close_date=CloseDate'" in text
    )


def test_a_mapped_column_that_is_not_there_is_said() -> None:
    problems = Problems()
    find_columns(
        ImportKind.DEALS,
        ["id", "name", "owner", "stage", "amount", "close_date", "URL", "url"],
        {Column.NAME: "account"},
        problems,
    )
    text = "\n".join(problems.lines())
    assert "there is no column “account” for name" in text
    assert "there are 2 columns “url”: give each a name of its own" in text


def test_columns_left_out_are_named_with_what_they_look_like() -> None:
    header = ["id", "region", "LastActivityDate"]
    assert not_read(ImportKind.DEALS, header, {Column.ID: 0}) == [
        ("region", None),
        ("LastActivityDate", Column.LAST_ACTIVITY),
    ]
