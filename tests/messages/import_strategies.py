"""Any dropped files: with whatever stands in a CRM's export, and a lot of it."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from crm.columns import REQUIRED, columns_of
from models.deals import ImportKind
from models.dropped_files import FileState
from models.screens import FileForm, FileShown, Findings
from tests.messages.strategies import ids, maybe, moments, number, typed, who, zones

_some = st.lists(typed, max_size=40).map(tuple)
_counted = st.lists(st.tuples(typed, number), max_size=25, unique_by=lambda one: one[0]).map(tuple)
_nested = st.lists(st.tuples(typed, st.lists(typed, max_size=11).map(tuple)), max_size=8).map(tuple)


@st.composite
def _findings(draw: st.DrawFn) -> Findings:
    kind = draw(st.sampled_from(ImportKind))
    fields = tuple(str(column) for column in columns_of(kind))
    header = tuple(draw(st.lists(typed, min_size=1, max_size=130, unique=True)))
    found = draw(st.lists(st.sampled_from(fields), unique=True, max_size=len(header)))
    columns = dict(zip(found, header, strict=False))
    reading: dict[str, Any] = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "date_format": st.sampled_from(["MM/DD/YY", "D.M.YYYY"]),
                "decimal": st.sampled_from([".", ","]),
                "currency": st.just("USD"),
            },
        )
    )
    return Findings(
        kind=kind,
        count=draw(number),
        taken=draw(number),
        header=header,
        fields=fields,
        required=tuple(str(column) for column in REQUIRED[kind]),
        columns=columns,
        reading=reading,
        delimiter=draw(st.sampled_from([",", ";", "\t", "|", "~"])),
        encoding=draw(st.sampled_from(["utf-8", "utf-16", "windows-1252"])),
        lines=draw(_some),
        missing=tuple(name for name in fields if name not in columns),
        dates=draw(st.sampled_from([(), ("DD/MM/YY", "MM/DD/YY")])),
        date_example=draw(typed),
        unclear_amounts=draw(st.booleans()),
        stages=draw(_counted),
        more_stages=draw(number),
        owners=draw(_counted),
        more_owners=draw(number),
        problems=draw(st.lists(typed, max_size=10).map(tuple)),
        problem_count=draw(number),
        outcome=draw(_nested),
        ready=draw(st.booleans()),
        meanwhile=draw(st.booleans()),
        done=draw(st.booleans()),
        listed=draw(st.booleans()),
    )


file = st.builds(
    FileShown,
    file_id=ids,
    revision=number,
    name=typed,
    zone=zones,
    state=st.sampled_from(FileState),
    refusal=maybe(typed),
    progress=number,
    findings=_findings(),
    decided_by=maybe(who),
    decided_at=maybe(moments),
    may=maybe(st.lists(who, max_size=3).map(tuple)),
)
form = st.builds(
    lambda shown, stages, all_of: FileForm(
        replace(shown, may=None), shown.findings, stages, all_of
    ),
    file,
    st.lists(typed, min_size=1, max_size=12, unique=True).map(tuple),
    maybe(who),
)
