"""The phone reader against the cells that people really send, and against everything else."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType

from campaign.core.cells.cell import Cell, CellFault, Formatted, shown
from campaign.core.cells.phone import PhoneReader, PhoneReading, PhoneType
from campaign.core.cells.phone_written import as_text, plain, written
from campaign.core.lead import Phone
from campaign.core.problem import Code

READER = PhoneReader("lc_number", "Phone")
ANY_TYPE = PhoneReader("lc_number", "Phone", allow_types=frozenset(PhoneType))
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
KINDS = [kind for kind in PhoneNumberType.values() if kind != PhoneNumberType.UNKNOWN]


def numbers(reading: PhoneReading) -> list[str]:
    """The numbers of a reading, in E.164."""
    return [phone.e164 for phone in reading.phones]


def codes(reading: PhoneReading) -> list[Code]:
    """The kinds of its problems."""
    return [problem.code for problem in reading.problems]


@pytest.mark.parametrize(
    ("cell", "region", "e164"),
    [
        ("+1 202 555 0123", "", "+12025550123"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("202.555.0123", "US", "+12025550123"),
        ("1 202 555 0123", "US", "+12025550123"),
        ("020 7946 0123", "GB", "+442079460123"),
        ("030.23125.123", "DE", "+493023125123"),
        ("030/23125-123", "DE", "+493023125123"),
        ("030 / 23125123", "DE", "+493023125123"),
        ("+49/30/23125123", "", "+493023125123"),
        ("0049/30/23125123", "", "+493023125123"),
        ("202/555/0123", "US", "+12025550123"),
        ("4930231251234", "DE", "+4930231251234"),
        ("442079460123", "GB", "+442079460123"),
        ("(+49) 30 23125123", "", "+493023125123"),
        ("++49 30 23125123", "", "+493023125123"),
        ("+49 030 23125123", "", "+493023125123"),
        ("p:+12025550123", "", "+12025550123"),
        ("tel:+1-202-555-0123", "", "+12025550123"),
        ("Phone: +1 202 555 0123", "", "+12025550123"),
        ("Tel. 020 7946 0123", "GB", "+442079460123"),
        ("phone number: 020 7946 0123", "GB", "+442079460123"),
        ("'+12025550123", "", "+12025550123"),
        ('="02079460123"', "GB", "+442079460123"),
        ("\u202a+1\u00a0202\u2011555\u200b0123\u202c", "", "+12025550123"),
        ("＋１（２０２）５５５－０１２３", "", "+12025550123"),
        ("٠٢٠ ٧٩٤٦ ٠١٢٣", "GB", "+442079460123"),
        ("+44 (0)20 7946 0123", "", "+442079460123"),
        ("+44(0)2079460123", "", "+442079460123"),
        ("0044 (0) 20 7946 0123", "", "+442079460123"),
        ("(0)20 7946 0123", "GB", "+442079460123"),
        ("00442079460123", "", "+442079460123"),
        ("00442079460123", "US", "+442079460123"),
        ("00442079460123", "DE", "+442079460123"),
        ("011442079460123", "US", "+442079460123"),
        ("+0044 20 7946 0123", "", "+442079460123"),
        (12025550123, "US", "+12025550123"),
        (2079460123, "GB", "+442079460123"),
        (442079460123.0, "GB", "+442079460123"),
        (Formatted(2025550123.0, "0"), "US", "+12025550123"),
        (Formatted(2079460123, "00000000000"), "GB", "+442079460123"),
        (Formatted(12025550123, '"+"0'), "", "+12025550123"),
        (Formatted(2025550123, '"+1 "000-000-0000'), "", "+12025550123"),
    ],
)
def test_reads_what_a_person_would_dial(cell: Cell, region: str, e164: str) -> None:
    """Signs that don't matter don't matter, and nothing is complained of."""
    reading = READER.read(cell, region)
    assert numbers(reading) == [e164]
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("cell", "region", "code"),
    [
        ("+493023125123.0", "", Code.PHONE_DECIMAL),
        ("2025550123.0", "US", Code.PHONE_DECIMAL),
        ("2025550123,0", "US", Code.PHONE_DECIMAL),
        ("p:2025550123.0", "US", Code.PHONE_DECIMAL),
        ("2,025,550,123", "US", Code.PHONE_DECIMAL),
        (2025550123.5, "US", Code.PHONE_DECIMAL),
        (float("nan"), "US", Code.PHONE_DECIMAL),
        (float("inf"), "US", Code.PHONE_DECIMAL),
        ("+49 30 23125123 home", "", Code.PHONE_LETTERS),
        ("fax: +49 30 23125123", "", Code.PHONE_LETTERS),
        ("1-800-FLOWERS", "US", Code.PHONE_LETTERS),
        ("202-555-01xx", "US", Code.PHONE_LETTERS),
        ("2O2 555 O123", "US", Code.PHONE_LETTERS),
        ("2024-01-05", "DE", Code.PHONE_DATE),
        ("2024-01-05 10:00:00", "DE", Code.PHONE_DATE),
        ("2024-01-05T10:00:00Z", "DE", Code.PHONE_DATE),
        ("05.01.2024", "DE", Code.PHONE_DATE),
        ("05 01 2024", "DK", Code.PHONE_DATE),
        ("5/1/24", "US", Code.PHONE_DATE),
        ("01/2024", "DE", Code.PHONE_DATE),
        ("Jan 5, 2024", "US", Code.PHONE_DATE),
        ("5-Jan-24", "US", Code.PHONE_DATE),
        ("10:30", "DE", Code.PHONE_DATE),
        ("p:2024-01-05", "DE", Code.PHONE_DATE),
        (20240105, "DE", Code.PHONE_DATE),
        (date(2024, 1, 5), "DE", Code.PHONE_DATE),
        (datetime(2024, 1, 5, 10, 0), "DE", Code.PHONE_DATE),
        (time(10, 0), "DE", Code.PHONE_DATE),
        (Formatted(date(2024, 1, 5), "DD/MM/YYYY"), "DE", Code.PHONE_DATE),
        ("4.42079E+11", "GB", Code.PHONE_PRECISION),
        ("4,42079E+11", "GB", Code.PHONE_PRECISION),
        ("p:4.42079E+11", "GB", Code.PHONE_PRECISION),
        ("442079000000", "GB", Code.PHONE_PRECISION),
        (442079000000, "GB", Code.PHONE_PRECISION),
        (1e15, "DE", Code.PHONE_PRECISION),
        (10**15, "DE", Code.PHONE_PRECISION),
        (-2025550123, "US", Code.PHONE_INVALID),
        ("020 7946 0123", "", Code.PHONE_NO_COUNTRY),
        ("2025550123", "AQ", Code.PHONE_NO_COUNTRY),
        ("+1 202 555 012", "", Code.PHONE_INVALID),
        ("+1 202 555 01234", "", Code.PHONE_INVALID),
        ("+999 202 555 0123", "", Code.PHONE_INVALID),
        ("+202 555 0123", "US", Code.PHONE_INVALID),
        ("+030 23125123", "DE", Code.PHONE_INVALID),
        ("+", "US", Code.PHONE_UNREADABLE),
        ("n/a", "US", Code.PHONE_UNREADABLE),
        ("-", "US", Code.PHONE_UNREADABLE),
        (True, "US", Code.PHONE_UNREADABLE),
        ("202 555 0123²", "US", Code.PHONE_UNREADABLE),
        ("-202 555 0123", "US", Code.PHONE_UNREADABLE),
        ("202*555*0123", "US", Code.PHONE_UNREADABLE),
        ("2025550123 " * 100, "US", Code.PHONE_UNREADABLE),
        ("030, 23125123", "DE", Code.PHONE_UNREADABLE),
        ("2) 030 23125123", "DE", Code.PHONE_UNREADABLE),
        ("2. 030 23125123", "DE", Code.PHONE_UNREADABLE),
        ("030 23125123 (2)", "DE", Code.PHONE_UNREADABLE),
        ("030/23125123/4", "DE", Code.PHONE_UNREADABLE),
        ("030;23125123", "DE", Code.PHONE_UNREADABLE),
        ("442079460123", "DE", Code.PHONE_UNREADABLE),
        (442079460123, "DE", Code.PHONE_UNREADABLE),
        (30231, "DE", Code.PHONE_INVALID),
        (CellFault("#N/A"), "US", Code.CELL_ERROR),
        ("#NAME?", "US", Code.CELL_ERROR),
    ],
)
def test_never_calls_what_is_no_number(cell: Cell, region: str, code: Code) -> None:
    """Each of these has digits that some dialling plan would take, or none; none of them is called."""
    reading = READER.read(cell, region)
    assert numbers(reading) == []
    assert codes(reading) == [code]
    [problem] = reading.problems
    assert (problem.field, problem.column, problem.value) == ("lc_number", "Phone", shown(cell))
    assert problem.cure.endswith(".")
    assert not problem.message.endswith(".")


@pytest.mark.parametrize("cell", [None, "", "  ", "\u200b", "\u00a0\t"])
def test_a_blank_cell_is_nothing(cell: Cell) -> None:
    """Whether a number is needed is the caller's to say."""
    assert READER.read(cell, "US") == PhoneReading()


@pytest.mark.parametrize(
    "cell",
    [
        "2025550123; 2025550199",
        "2025550123, 2025550199",
        "2025550123|2025550199",
        "2025550123\n2025550199",
        "2025550123 or 2025550199",
        "2025550123 & 2025550199",
        "2025550123 / 2025550199",
        "202-555-0123/202-555-0199",
        "+12025550123 +12025550199",
        "2025550123; 2025550199; (202) 555-0123",
    ],
)
def test_several_numbers_in_a_cell_are_all_read(cell: str) -> None:
    """The second must not become an extension of the first, and a number given twice is one."""
    assert READER.read(cell, "US") == PhoneReading((Phone("+12025550123", "US"), Phone("+12025550199", "US")))


@pytest.mark.parametrize(
    "cell", ["030/23125123 / 030/23125124", "030/23125123/030/23125124", "030 23125123/030 23125124"]
)
def test_a_slash_inside_each_of_two_numbers(cell: str) -> None:
    """A slash after the area code and one between numbers are told apart."""
    reading = READER.read(cell, "DE")
    assert numbers(reading) == ["+493023125123", "+493023125124"]


def test_the_bad_part_of_a_cell_is_reported_by_itself() -> None:
    """One good number is enough to call; what is left out is told, with its own text."""
    reading = READER.read("n.a. 12; 030 23125123 / 124", "DE")
    assert numbers(reading) == ["+493023125123"]
    assert [(problem.code, problem.value) for problem in reading.problems] == [
        (Code.PHONE_LETTERS, "n.a. 12"),
        (Code.PHONE_INVALID, "124"),
    ]


def test_a_second_number_without_its_area_code_is_not_called() -> None:
    """Read by itself, 23125124 would be a number in another town."""
    reading = READER.read("030 23125123; 23125124", "DE")
    assert numbers(reading) == ["+493023125123"]
    assert [(problem.code, problem.value) for problem in reading.problems] == [(Code.PHONE_INVALID, "23125124")]


def test_all_parts_bad() -> None:
    """Every part has its own reason."""
    reading = READER.read("2025550123 home; 999", "US")
    assert numbers(reading) == []
    assert codes(reading) == [Code.PHONE_LETTERS, Code.PHONE_INVALID]


@pytest.mark.parametrize(
    "cell", ["202 555 0123 x45", "2025550123x45", "202-555-0123 ext. 45", "(202) 555-0123, ext 45", "202-555-0123 #45",
             "tel:+1-202-555-0123;ext=45", "+1 202 555 0123 (ext. 45)", "202 555 0123 Extension: 45"],
)  # fmt: skip
def test_an_extension_is_kept_beside_the_number(cell: str) -> None:
    """E.164 has no place for it."""
    assert READER.read(cell, "US") == PhoneReading((Phone("+12025550123", "US", "45"),))


def test_home_is_for_rows_without_a_region() -> None:
    """The row's own country goes before the mapping's."""
    reader = PhoneReader("lc_number", "Phone", home="GB")
    assert numbers(reader.read("020 7946 0123")) == ["+442079460123"]
    assert numbers(reader.read("202 555 0123", "US")) == ["+12025550123"]


@pytest.mark.parametrize(
    ("cell", "region", "hint"),
    [
        ("442079460123", "US", "+442079460123"),
        ("442079460123", "", "+442079460123"),
        ("612345678", "IT", "0612345678"),
        ("+202 555 0123", "US", "+12025550123"),
    ],
)
def test_what_a_spreadsheet_took_away_is_named_not_put_back(cell: str, region: str, hint: str) -> None:
    """A lost + or 0 is the person's to restore; the cure shows the number to compare with."""
    [problem] = READER.read(cell, region).problems
    assert hint in problem.cure


def test_two_readings_are_both_named() -> None:
    """In Germany nearly every foreign number without its + would reach somebody."""
    [problem] = READER.read("442079460123", "DE").problems
    assert "+442079460123 and +49442079460123" in problem.message


@pytest.mark.parametrize("digits", ["20240105", "22 12 20 12"])
def test_eight_digits_are_a_number_where_numbers_have_eight(digits: str) -> None:
    """Digits that look like a date in one country are an ordinary number in another."""
    assert numbers(READER.read(digits, "DK")) == ["+45" + digits.replace(" ", "")]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("+1 202 555 012", "too short for a number of +1"),
        ("020 7946 01234567", "too long for a number of GB"),
        ("555 0123", "the area code is missing"),
        ("+1 121 555 0123", "+1 has no such area code or number range"),
        ("+999 202 555 0123", "no country has a code like +999"),
    ],
)
def test_the_reason_is_given_in_words(cell: str, words: str) -> None:
    """A person can see what to correct."""
    [problem] = READER.read(cell, "US" if cell.startswith("555") else "GB").problems
    assert words in problem.message


@pytest.mark.parametrize("kind", list(PhoneType))
def test_expensive_kinds_need_leave(kind: PhoneType) -> None:
    """Every kind is refused by default, named, and allowed by its name alone."""
    wanted = getattr(PhoneNumberType, kind.name)
    example = next(found for region in REGIONS if (found := phonenumbers.example_number_for_type(region, wanted)))
    e164 = phonenumbers.format_number(example, PhoneNumberFormat.E164)
    [problem] = READER.read(e164).problems
    assert problem.code is Code.PHONE_TYPE
    assert f"allow_types: [{kind}]" in problem.cure
    assert numbers(PhoneReader("lc_number", "Phone", allow_types=frozenset({kind})).read(e164)) == [e164]


def test_the_bracketed_zero_is_not_guessed_at() -> None:
    """Italian landlines keep their 0 and mobiles have none: with both valid, neither is called."""
    landline = phonenumbers.example_number_for_type("IT", PhoneNumberType.FIXED_LINE)
    assert landline is not None
    rest = phonenumbers.national_significant_number(landline)[1:]
    assert numbers(READER.read(f"+39 (0){rest}")) == [f"+390{rest}"]
    both = next(
        digits
        for digits in (f"{start}{'1234567'[:length]}" for start in range(300, 400) for length in range(5, 8))
        if READER.read(f"+39{digits}").phones and READER.read(f"+390{digits}").phones
    )
    assert codes(READER.read(f"+39 (0){both}")) == [Code.PHONE_UNREADABLE]


@pytest.mark.parametrize("region", REGIONS)
def test_every_country_in_every_way_of_writing(region: str) -> None:
    """Example numbers of all kinds come back as the same E.164 from each of libphonenumber's four formats."""
    for kind in KINDS:
        number = phonenumbers.example_number_for_type(region, kind)
        if number is None:
            continue
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        for form in (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.RFC3966):
            assert numbers(ANY_TYPE.read(phonenumbers.format_number(number, form))) == [e164]
        national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
        if region == "NC" and kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE):
            # 20.12.34: three pairs with dots are a date first, wherever one reads them.
            assert codes(ANY_TYPE.read(national, region)) == [Code.PHONE_DATE]
        else:
            assert numbers(ANY_TYPE.read(national, region)) == [e164]


def _invents_digits(region: str) -> bool:
    """Whether local numbers of the region get an area code or a mobile 9 put in front, as its dialling plan says."""
    metadata = PhoneMetadata.metadata_for_region(region, None)
    rule = metadata.national_prefix_transform_rule if metadata else None
    return bool(rule and rule not in ("\\1", "\\2"))


def _occurs_in(wanted: str, text: str) -> bool:
    """Whether the signs of `wanted` occur in `text` in their order."""
    remaining = iter(text)
    return all(sign in remaining for sign in wanted)


PHONISH = st.text("0123456789 +-().,;/|x#\n0123456789٠１e", max_size=40)
WRITTEN = st.one_of(
    PHONISH,
    st.text(max_size=60),
    st.builds("{}{}{}".format, st.sampled_from(["+49", "+44 ", "0", "00", "p:", "+1", ""]), PHONISH, PHONISH),
    st.from_regex(r"\+?[0-9]{5,14}([ ,;/.-][0-9]{1,12}){0,2}", fullmatch=True),
)
NUMERIC = st.one_of(st.integers(-10, 10**16), st.floats(), st.floats(1e8, 1e15).map(round).map(float))
CELLS = st.one_of(
    WRITTEN,
    NUMERIC,
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.builds(Formatted, st.one_of(NUMERIC, st.dates()), st.sampled_from(["0", "00000000000", '"+"0', "+0", "DD.MM."])),
    st.builds(CellFault, st.sampled_from(["#N/A", "#REF!"])),
    st.none(),
)


@given(cell=CELLS, region=st.sampled_from(["", "XX", *(region for region in REGIONS if not _invents_digits(region))]))
def test_what_comes_out_is_valid_and_was_written_there(cell: Cell, region: str) -> None:
    """No cell raises, every number is valid, and no digit but the country code is made up."""
    reading = READER.read(cell, region)
    seen = "+1" + shown(cell.value if isinstance(cell, Formatted) else cell)
    digits = "".join(str(unicodedata.decimal(sign, "")) for sign in seen)
    for phone in reading.phones:
        number = phonenumbers.parse(phone.e164, None)
        assert phonenumbers.is_valid_number(number)
        assert phonenumbers.format_number(number, PhoneNumberFormat.E164) == phone.e164
        owner = phonenumbers.region_code_for_number(number)
        assert phone.region == ("" if owner == "001" else owner)
        if not _invents_digits(phone.region or "US"):
            assert _occurs_in(phonenumbers.national_significant_number(number), digits)
    assert len({phone.e164 for phone in reading.phones}) == len(reading.phones)
    for problem in reading.problems:
        assert problem.message
        assert problem.cure


@given(cell=st.text("0123456789 ().-+", max_size=30))
def test_the_fast_way_reads_as_the_thorough_way_does(cell: str) -> None:
    """A cell that is read without a closer look would have given the same digits under it."""
    number = plain(cell)
    if number is not None:
        text = as_text(cell)
        assert isinstance(text, str)
        assert written(text) == number


@pytest.mark.parametrize("cell", ["2024-01-05", "05.01.2024", "2025550123.0", "442079000000", "+44 (0)20 7946 0123"])
def test_the_fast_way_skips_no_trap(cell: str) -> None:
    """Clean-looking texts that mean something else take the thorough way."""
    assert plain(cell) is None
