"""Countries as ISO 3166 alpha-2 codes, found in what sources and authors write: names, aliases, US states, tails."""

import re
from functools import lru_cache

from kolgraph.names import fold

_NAMES = """AF afghanistan|AL albania|DZ algeria|AD andorra|AO angola|AG antigua and barbuda|AR argentina|AM armenia
AU australia|AT austria;osterreich|AZ azerbaijan|BS bahamas|BH bahrain|BD bangladesh|BB barbados|BY belarus
BE belgium;belgique;belgie|BZ belize|BJ benin|BM bermuda|BT bhutan|BO bolivia;bolivia plurinational state of
BA bosnia and herzegovina;bosnia;bosnia herzegovina|BW botswana|BR brazil;brasil|BN brunei;brunei darussalam
BG bulgaria|BF burkina faso|BI burundi|KH cambodia|CM cameroon;cameroun|CA canada|CV cape verde;cabo verde
CF central african republic|TD chad;tchad|CL chile
CN china;p r china;pr china;prc;people s republic of china;peoples republic of china;mainland china;p r of china
CO colombia|KM comoros|CG congo;republic of the congo
CD democratic republic of the congo;dr congo;drc;congo the democratic republic of the|CR costa rica
CI cote d ivoire;cote divoire;ivory coast|HR croatia;hrvatska|CU cuba|CW curacao|CY cyprus
CZ czech republic;czechia;the czech republic|DK denmark;danmark|DJ djibouti|DM dominica|DO dominican republic
EC ecuador|EG egypt;arab republic of egypt|SV el salvador|GQ equatorial guinea|ER eritrea|EE estonia
SZ eswatini;swaziland|ET ethiopia|FO faroe islands|FJ fiji|FI finland|FR france|GF french guiana
PF french polynesia|GA gabon|GE republic of georgia|GM gambia;the gambia
DE germany;deutschland;federal republic of germany;west germany;frg;gdr|GH ghana|GI gibraltar|GR greece;hellas
GL greenland|GD grenada|GP guadeloupe|GU guam|GT guatemala|GN guinea|GW guinea bissau|GY guyana|HT haiti
HN honduras|HK hong kong;hong kong sar;hong kong china;hksar|HU hungary|IS iceland|IN india|ID indonesia
IR iran;islamic republic of iran;iran islamic republic of|IQ iraq|IE ireland;republic of ireland;eire|IL israel
IT italy;italia|JM jamaica|JP japan|JO jordan|KZ kazakhstan|KE kenya
KP north korea;korea democratic people s republic of
KR korea;south korea;republic of korea;korea republic of;rok;s korea;korea south|XK kosovo|KW kuwait
KG kyrgyzstan|LA laos;lao people s democratic republic;lao pdr|LV latvia|LB lebanon|LS lesotho|LR liberia
LY libya;libyan arab jamahiriya|LI liechtenstein|LT lithuania|LU luxembourg|MO macau;macao;macao sar
MG madagascar|MW malawi|MY malaysia|MV maldives|ML mali|MT malta|MQ martinique|MR mauritania|MU mauritius
MX mexico|MD moldova;republic of moldova;moldova republic of|MC monaco|MN mongolia|ME montenegro
MA morocco;maroc|MZ mozambique|MM myanmar;burma|NA namibia|NP nepal
NL netherlands;the netherlands;holland;nederland|NC new caledonia|NZ new zealand;aotearoa new zealand
NI nicaragua|NE niger|NG nigeria
MK north macedonia;macedonia;macedonia the former yugoslav republic of;republic of north macedonia
NO norway;norge|OM oman;sultanate of oman|PK pakistan
PS palestine;palestinian territories;palestinian territory occupied;state of palestine;gaza strip|PA panama
PG papua new guinea|PY paraguay|PE peru|PH philippines;the philippines|PL poland;polska|PT portugal
PR puerto rico|QA qatar|RE reunion;la reunion|RO romania|RU russia;russian federation;ussr|RW rwanda
KN saint kitts and nevis|LC saint lucia|WS samoa|SM san marino|SA saudi arabia;kingdom of saudi arabia;ksa
SN senegal|RS serbia;yugoslavia|SC seychelles|SL sierra leone|SG singapore;republic of singapore
SK slovakia;slovak republic|SI slovenia|SB solomon islands|SO somalia
ZA south africa;republic of south africa;rsa|SS south sudan|ES spain;espana|LK sri lanka|SD sudan|SR suriname
SE sweden;sverige|CH switzerland;schweiz;suisse;svizzera|SY syria;syrian arab republic
TW taiwan;taiwan roc;taiwan r o c;republic of china;taiwan republic of china|TJ tajikistan
TZ tanzania;united republic of tanzania;tanzania united republic of|TH thailand|TL timor leste|TG togo|TO tonga
TT trinidad and tobago|TN tunisia;tunisie|TR turkey;turkiye;republic of turkey|TM turkmenistan|UG uganda
UA ukraine|AE united arab emirates;uae;u a e
GB united kingdom;uk;u k;great britain;england;scotland;wales;northern ireland;britain
US united states;usa;u s a;united states of america;us;u s;the united states;the usa|UY uruguay|UZ uzbekistan
VU vanuatu|VE venezuela;venezuela bolivarian republic of|VN vietnam;viet nam;socialist republic of vietnam
YE yemen|ZM zambia|ZW zimbabwe"""
_STATES = """alabama AL|alaska AK|arizona AZ|arkansas AR|california CA|colorado CO|connecticut CT|delaware DE|florida FL
georgia GA|hawaii HI|idaho ID|illinois IL|indiana IN|iowa IA|kansas KS|kentucky KY|louisiana LA|maine ME
maryland MD|massachusetts MA|michigan MI|minnesota MN|mississippi MS|missouri MO|montana MT|nebraska NE
nevada NV|new hampshire NH|new jersey NJ|new mexico NM|new york NY|north carolina NC|north dakota ND|ohio OH
oklahoma OK|oregon OR|pennsylvania PA|rhode island RI|south carolina SC|south dakota SD|tennessee TN|texas TX
utah UT|vermont VT|virginia VA|washington WA|west virginia WV|wisconsin WI|wyoming WY|district of columbia DC"""
_PROVINCES = {"ontario": "CA", "quebec": "CA", "british columbia": "CA", "alberta": "CA", "nova scotia": "CA"}
_PROVINCES |= {"new south wales": "AU", "queensland": "AU", "victoria": "AU", "nsw": "AU", "western australia": "AU"}
_EMAIL = re.compile(r"\S+@\S+|electronic address:?", re.I)
_GEORGIAN = re.compile(r"\b(?:tbilisi|batumi|kutaisi)\b")
_POSTCODE = re.compile(r"\b[a-z]{0,3}\d[a-z\d]*\b")


def _names() -> dict[str, str]:
    found = {}
    for entry in re.split(r"[|\n]", _NAMES):
        code, _, names = entry.partition(" ")
        found.update(dict.fromkeys(names.split(";"), code))
    return found


COUNTRIES = _names()  # folded name -> code
US_STATES = {name: code for name, _, code in (entry.rpartition(" ") for entry in re.split(r"[|\n]", _STATES))}
CODES = frozenset(COUNTRIES.values())
_STATE_CODES = frozenset(US_STATES.values())


@lru_cache(1 << 16)
def country_code(text: str) -> str:
    """The country a text names as a whole (`Korea, Republic of`) or at its end (`..., Boston, MA 02115`), or ""."""
    text = _EMAIL.sub(" ", text).strip(" .;,")
    if text in CODES:
        return text
    whole = fold(text)
    if whole in COUNTRIES:
        return COUNTRIES[whole]
    if whole == "georgia" or (whole.endswith("georgia") and _GEORGIAN.search(whole)):
        return "GE"
    for part in reversed(re.split(r"[,;]|\.\s", text)[-4:]):
        code = _tail(part)
        if code:
            return code
    return ""


def _tail(part: str) -> str:
    """A country in one piece between commas: alone, after a city or postcode, or by a US state."""
    raw = part.strip(" .()")
    bare = _POSTCODE.sub(" ", fold(raw)).split()
    if " ".join(bare) in US_STATES or " ".join(bare[-2:]) == "new mexico":
        return "US"
    for take in (len(bare), 4, 3, 2, 1):
        name = " ".join(bare[-take:]) if bare else ""
        if name in COUNTRIES and (take == len(bare) or len(name) > 2):
            return COUNTRIES[name]
    if re.fullmatch(r"([A-Z]{2})(?:[ -]+\d{5}(?:-\d{4})?)?", raw) and raw[:2] in _STATE_CODES:
        return "US"
    return _PROVINCES.get(" ".join(bare), "")
