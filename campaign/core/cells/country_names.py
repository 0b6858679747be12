"""The names that people give countries, with the ISO 3166-1 alpha-2 code of each.

English names first, then those of the commonest other languages; a name that two languages give to different
countries is nobody's. Built when a name is first looked up, because most lists hold codes.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import cache

# fmt: off
_LANGUAGES = (
    "de", "fr", "es", "it", "pt", "nl", "da", "sv", "nb", "fi", "is", "pl", "cs", "sk", "hu", "ro", "bg", "hr", "sr",
    "sl", "sq", "mk", "uk", "be", "ru", "el", "tr", "az", "ka", "hy", "ar", "he", "fa", "ur", "hi", "bn", "pa", "gu",
    "mr", "ta", "te", "id", "ms", "fil", "vi", "th", "zh", "zh_Hant", "ja", "ko", "sw", "af", "ca", "et", "lv", "lt",
)
# fmt: on

# Names in use that no standard lists, and short forms of those that one does.
_USUAL = {
    "AE": "UAE, Emirates",
    "AG": "Antigua",
    "AT": "Oesterreich",
    "BA": "Bosnia",
    "BN": "Brunei",
    "BO": "Bolivia",
    "CD": "DRC, DR Congo, Congo-Kinshasa, Democratic Republic of Congo",
    "CG": "Congo-Brazzaville, Republic of Congo",
    "CI": "Ivory Coast",
    "CN": "PRC, PR China, P.R. China, Mainland China",
    "CV": "Cape Verde",
    "CZ": "Czechia, Czech Republic",
    "DO": "Dominican Rep",
    "FK": "Falklands",
    "FM": "Micronesia",
    "GB": "UK, U.K., Great Britain, Britain, England, Scotland, Wales, Northern Ireland, United Kingdom, "
    "Großbritannien, Grande-Bretagne, Gran Bretaña, Gran Bretagna, Grã-Bretanha, Groot-Brittannië, Storbritannien, "
    "Angleterre, Inglaterra, Inghilterra",
    "HK": "Hong Kong, Hong Kong SAR, HKSAR",
    "IE": "Eire, Republic of Ireland",
    "IR": "Iran",
    "KN": "St Kitts, Saint Kitts",
    "KP": "North Korea, DPRK",
    "KR": "Korea, South Korea, Republic of Korea, ROK",
    "LA": "Laos",
    "MD": "Moldova",
    "MK": "Macedonia, FYROM",
    "MM": "Burma",
    "MO": "Macau, Macao",
    "NL": "Holland, The Netherlands",
    "PS": "Palestine",
    "RU": "Russia",
    "SA": "KSA, Saudi",
    "SY": "Syria",
    "SZ": "Swaziland",
    "TC": "Turks and Caicos",
    "TL": "East Timor",
    "TR": "Turkey, Türkiye, Tuerkei",
    "TT": "Trinidad",
    "TW": "Taiwan",
    "TZ": "Tanzania",
    "US": "USA, U.S., U.S.A., America, United States, United States of America, The States, EEUU, EE.UU., EUA",
    "VA": "Vatican, Holy See",
    "VC": "Saint Vincent",
    "VE": "Venezuela",
    "VG": "British Virgin Islands, BVI",
    "VI": "US Virgin Islands, USVI",
    "VN": "Vietnam, Viet Nam",
    "XK": "Kosovo, XKX",
}
# Latin, Greek and Cyrillic accents only: the vowel signs of Indian scripts are marks too, but part of the spelling.
_ACCENTS = re.compile("[\u0300-\u036f]")
_WORDS = {"st": "saint", "is": "islands", "rep": "republic", "dem": "democratic"}


def code_of_name(name: str) -> str | None:
    """The country of that name, official name or alpha-3 code; None if there is none or more than one."""
    wanted = _fold(name)
    english = _english().get(wanted)
    if english and (len(wanted) != 3 or name.isupper()):
        return english
    # A short word may be a code and another language's name: Nga is Vietnamese for Russia, NGA is Nigeria.
    foreign = _foreign().get(wanted)
    return english or foreign or None if not (english and foreign) or english == foreign else None


def nearest_name(name: str) -> str | None:
    """The English name or usual name that `name` may be a misspelling of."""
    if _fold(name) == "congo":
        return "Congo-Brazzaville or Congo-Kinshasa"
    if len(name) < 5:  # too short for a guess: GER is not Niger
        return None
    near = get_close_matches(_fold(name), _spelled(), n=1, cutoff=0.8)
    return _spelled()[near[0]] if near else None


@cache
def codes() -> frozenset[str]:
    """All alpha-2 codes: those of ISO 3166-1, and XK, which Kosovo uses."""
    import pycountry

    return frozenset(country.alpha_2 for country in pycountry.countries) | {"XK"}


def _fold(name: str) -> str:
    """A name without case, accents, punctuation, its article and its usual abbreviations."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", name.casefold()))
    plain = plain.replace("ı", "i").replace("&", " and ").replace("’", "").replace("'", "").replace(".", "")
    words = "".join(sign if sign.isalnum() or unicodedata.category(sign)[0] == "M" else " " for sign in plain).split()
    if words[:1] == ["the"]:
        words = words[1:]
    return " ".join(_WORDS.get(word, word) for word in words)


@cache
def _english() -> dict[str, str]:
    import pycountry
    from babel import Locale

    names = {_fold(name): code for code, usual in _USUAL.items() for name in usual.split(", ")}
    for country in pycountry.countries:
        for key in ("alpha_3", "name", "official_name", "common_name"):
            if given := getattr(country, key, None):
                names.setdefault(_fold(given), country.alpha_2)
    for code, given in Locale("en").territories.items():
        if code in codes():
            names.setdefault(_fold(given), code)
    # Two states call themselves so, and none of the lists above says which one is meant.
    names["congo"] = ""
    return names


@cache
def _foreign() -> dict[str, str]:
    from babel import Locale

    names: dict[str, str] = {}
    for language in _LANGUAGES:
        for code, given in Locale.parse(language).territories.items():
            if code in codes() and names.setdefault(_fold(given), code) != code:
                names[_fold(given)] = ""
    names["congo"] = ""
    names.pop("", None)
    return names


@cache
def _spelled() -> dict[str, str]:
    """Folded English names, each with its spelling; abbreviations are too short to be misspelled recognisably."""
    from babel import Locale

    names = [name for usual in _USUAL.values() for name in usual.split(", ") if len(name) > 4]
    names += [given for code, given in Locale("en").territories.items() if code in codes()]
    return {_fold(name): name for name in names}
